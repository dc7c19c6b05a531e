using MidnightOS.Core.Directory;

namespace MidnightOS.Core.Accounts;

/// <summary>E-mail addresses as accounts know them: trimmed and in lower case, so that one mailbox is one account.</summary>
internal static class EmailAddress
{
    /// <summary>The longest address that mail can be sent to (RFC 5321, 4.5.3.1.3, less the angle brackets).</summary>
    private const int MaxLength = 254;

    private const int MaxLocalLength = 64;

    /// <summary>The normal form; null when it is no address.</summary>
    public static string? Normalize(string? text)
    {
        var address = text?.Trim().ToLowerInvariant() ?? "";
        var at = address.LastIndexOf('@');
        var domain = address[(at + 1)..];
        return at is > 0 and <= MaxLocalLength && address.Length <= MaxLength && address.IndexOf('@', StringComparison.Ordinal) == at
            && !address.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '<' or '>' or ',' or ';' or '\\')
            && domain.Contains('.', StringComparison.Ordinal) && domain.Split('.').All(IsLabel)
                ? address
                : null;
    }

    /// <summary>The claim of an address in the directory.</summary>
    /// <param name="normalized">In normal form.</param>
    public static DirectoryKey Key(string normalized) => new("email", normalized);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsLetterOrDigit(c) || c == '-');
}
