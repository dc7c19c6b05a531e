namespace MidnightOS.Midnight.Node;

/// <summary>The folder of the npm workspace: <c>package-lock.json</c>, <c>ledger/</c>, <c>devnet/</c> and <c>prover/</c>.</summary>
internal static class PackagesFolder
{
    public const string LockFile = "package-lock.json";

    private static readonly string InRepository = Path.Combine("shared", "Midnight");

    /// <summary>The folder of the setting, else the first <c>shared/Midnight</c> in the application's folder or one above it.</summary>
    /// <exception cref="NodeUnavailableException">There is none.</exception>
    public static string Find(string? configured, string applicationFolder)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return IsOne(configured) ? Path.GetFullPath(configured) : throw Missing();
        }

        for (var folder = new DirectoryInfo(applicationFolder); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, InRepository);
            if (IsOne(candidate))
            {
                return candidate;
            }
        }

        throw Missing();
    }

    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, LockFile));

    private static NodeUnavailableException Missing() =>
        new($"The folder shared/Midnight with the Node packages was not found; set {NodePackagesOptions.Section}:{nameof(NodePackagesOptions.PackagesFolder)} to it.");
}
