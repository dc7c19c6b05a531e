namespace MidnightOS.Tests.Unit.Support;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Product = ["functions", "orchestrations", "shared"];

    public static string Root { get; } = Find();

    /// <summary>Every C# file of the product, by its path in the repository.</summary>
    public static IReadOnlyList<(string File, string Text)> ReadSources() =>
    [
        .. from folder in Product
           from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal)
           select (path, File.ReadAllText(file)),
    ];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MidnightOS.Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
