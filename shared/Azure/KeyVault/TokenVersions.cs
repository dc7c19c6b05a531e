namespace MidnightOS.Azure.KeyVault;

/// <summary>Which versions of the tokens' key sign and verify at a time.</summary>
internal static class TokenVersions
{
    /// <summary>The version that signs: the newest that is enabled; null when none is.</summary>
    public static string? Signing(IReadOnlyList<VaultKeyVersion> versions) => ByAge(versions).FirstOrDefault(static version => version.Enabled)?.Version;

    /// <summary>The versions that verify, newest first: each until the last token that it signed has expired. A disabled one verifies nothing: that is how a stolen one is put out of use.</summary>
    /// <param name="versions">All versions.</param>
    /// <param name="now">The time.</param>
    /// <param name="overlap">How long a version goes on to verify after the next one was made.</param>
    public static IReadOnlyList<string> Verifying(IReadOnlyList<VaultKeyVersion> versions, DateTimeOffset now, TimeSpan overlap)
    {
        var enabled = ByAge(versions).Where(static version => version.Enabled).ToList();
        return [.. enabled.Where((_, index) => index == 0 || now < enabled[index - 1].CreatedAt + overlap).Select(static version => version.Version)];
    }

    private static IOrderedEnumerable<VaultKeyVersion> ByAge(IReadOnlyList<VaultKeyVersion> versions) =>
        versions.OrderByDescending(static version => version.CreatedAt).ThenByDescending(static version => version.Version, StringComparer.Ordinal);
}
