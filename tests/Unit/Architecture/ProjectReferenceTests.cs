using System.Xml.Linq;

namespace MidnightOS.Tests.Unit.Architecture;

/// <summary>Dependencies point inwards: functions → orchestrations → Core ← Custody, Midnight, Storage, Azure; only hosts compose.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["shared/Core"] = [],
        ["shared/Custody"] = ["shared/Core"],
        ["shared/Midnight"] = ["shared/Core"],
        ["shared/Storage"] = ["shared/Core"],
        ["shared/Azure"] = ["shared/Core"],
        ["orchestrations"] = ["shared/Core"],
        ["functions/Api"] = ["shared/Core", "orchestrations"],
        ["functions/Prover"] = ["shared/Core", "shared/Midnight"],
    };

    // Hosts may reference everything but tests and other hosts.
    private static readonly string[] Hosts = ["functions/Embedded", "functions/Azure.Api", "functions/Azure.Prover", "orchestrations/Azure", "functions/Cli"];

    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateFiles(Repository, "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository, file).Replace('\\', '/'))
            .Where(static file => !file.StartsWith("tests/", StringComparison.Ordinal) && !file.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    private static string Repository { get; } = Find();

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfEachProject_PointInwards(string project)
    {
        var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
        var references = XDocument.Load(Path.Combine(Repository, project)).Descendants("ProjectReference")
            .Select(reference => Path.GetDirectoryName(Path.GetFullPath(Path.Combine(Repository, folder, (string)reference.Attribute("Include")!)))!)
            .Select(static path => Path.GetRelativePath(Repository, path).Replace('\\', '/')).ToList();
        if (Hosts.Contains(folder))
        {
            Assert.DoesNotContain(references, static reference => Hosts.Contains(reference) || reference.StartsWith("tests/", StringComparison.Ordinal));
            return;
        }

        Assert.True(Allowed.ContainsKey(folder), $"{project} has no rule here: add it where it belongs.");
        Assert.Empty(references.Except(Allowed[folder], StringComparer.Ordinal));
    }

    [Fact]
    public void Projects_AllOfThem_AreInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository, "MidnightOS.Functions.sln")).Replace('\\', '/');
        Assert.All(Projects().Select<object[], string>(static row => (string)row[0]), project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

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
