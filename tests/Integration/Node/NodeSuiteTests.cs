using System.Diagnostics;
using System.Text.RegularExpressions;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Node;

/// <summary>The Node packages' own checks and tests, one case for each file, so that one command runs all of the project's tests.</summary>
public sealed class NodeSuiteTests
{
    private static string Workspace { get; } = Path.Combine(RepositoryFolder(), "shared", "Midnight");

    public static TheoryData<string> Files() => FilesOf(needFixtures: false);

    public static TheoryData<string> FilesThatNeedFixtures() => FilesOf(needFixtures: true);

    [Theory]
    [MemberData(nameof(Files))]
    public Task NodeTest_File_Passes(string file) => PassesAsync(file);

    [FixtureTheory]
    [MemberData(nameof(FilesThatNeedFixtures))]
    public Task NodeTest_FileThatNeedsFixtures_Passes(string file) => PassesAsync(file);

    [Theory]
    [InlineData("ledger")]
    [InlineData("devnet")]
    [InlineData("prover")]
    public async Task TypeCheck_Package_IsClean(string package)
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development);
        var (exit, output) = await RunAsync(paths.Node, Path.Combine(paths.Packages, package), Path.Combine(paths.Packages, "node_modules", "typescript", "bin", "tsc"), "-p", ".");
        Assert.True(exit == 0, output);
    }

    [Fact]
    public void LockFile_Packages_RecordNoDownloadAddress()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder(), "shared", "Midnight", "package-lock.json"));
        Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"resolved\": \"https://", text, StringComparison.Ordinal);
    }

    internal static string RepositoryFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MidnightOS.Functions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside of the repository.");
    }

    // It looks for the test data itself, or takes the test circuit.
    private static bool NeedsFixtures(string program) =>
        program.Contains("testing/fixtures.js", StringComparison.Ordinal) || program.Contains("testing/circuit.js", StringComparison.Ordinal);

    private static TheoryData<string> FilesOf(bool needFixtures)
    {
        var files = new[] { "ledger", "devnet", "prover" }.SelectMany(package => Directory.GetFiles(Path.Combine(Workspace, package, "test"), "*.test.js"))
            .Where(file => NeedsFixtures(File.ReadAllText(file)) == needFixtures);
        return [.. files.Select(file => Path.GetRelativePath(Workspace, file)).Order(StringComparer.Ordinal)];
    }

    private static async Task PassesAsync(string file) => await PassesAsync(await NodeUnderTest.PrepareAsync(PackageSet.Development), file);

    internal static async Task PassesAsync(NodePaths paths, string file, params (string Name, string Value)[] variables)
    {
        var (exit, output) = await RunAsync(paths.Node, paths.Packages, ["--no-warnings", "--test", "--test-reporter=tap", file], variables);
        Assert.True(exit == 0 && Count(output, "pass") > 0 && Count(output, "skipped") == 0, output);
    }

    internal static Task<(int Exit, string Output)> RunAsync(string program, string folder, params string[] arguments) => RunAsync(program, folder, arguments, []);

    private static async Task<(int Exit, string Output)> RunAsync(string program, string folder, string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };

        // A child of a test runner would otherwise report to it instead of writing.
        start.Environment.Remove("NODE_TEST_CONTEXT");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    private static int Count(string output, string what) =>
        Regex.Match(output, $"^# {what} (\\d+)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)) is { Success: true } match ? int.Parse(match.Groups[1].Value) : 0;
}

/// <summary>A theory that needs the test data that is not part of the repository; without it, it is skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixtureTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for the folder that <c>MIDNIGHT_FIXTURES</c> names, or <c>../shared/midnight</c> beside the repository.</summary>
    public FixtureTheoryAttribute()
    {
        var folder = Environment.GetEnvironmentVariable("MIDNIGHT_FIXTURES")
            ?? Path.Combine(NodeSuiteTests.RepositoryFolder(), "..", "shared", "midnight");
        if (!Directory.Exists(folder))
        {
            Skip = "The test data is not here: set MIDNIGHT_FIXTURES to its folder, or put it at ../shared/midnight.";
        }
    }
}
