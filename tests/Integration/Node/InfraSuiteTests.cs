using System.Reflection;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Node;

/// <summary>The checks of <c>infra/bicep</c>, a Node package of their own: types and names, secrets, roles, limits, and templates that are wrong.</summary>
public sealed class InfraSuiteTests
{
    private static string Workspace { get; } = Path.Combine(NodeSuiteTests.RepositoryFolder(), "infra", "tests");

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Path.Combine(Workspace, "test"), "*.test.js").Select(static file => Path.GetRelativePath(Workspace, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task NodeTest_File_Passes(string file) => await NodeSuiteTests.PassesAsync(await NodeUnderTest.PrepareAsync(PackageSet.Development, Workspace), file);

    [BicepFact]
    public async Task Templates_Compiled_AreWhatTheOtherTestsLookAt() =>
        await NodeSuiteTests.PassesAsync(await NodeUnderTest.PrepareAsync(PackageSet.Development, Workspace), Path.Combine("compiler", "compiler.test.js"), ("BICEP", BicepFactAttribute.Compiler!));

    [Fact]
    public async Task TypeCheck_Package_IsClean()
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development, Workspace);
        var (exit, output) = await NodeSuiteTests.RunAsync(paths.Node, paths.Packages, Path.Combine(paths.Packages, "node_modules", "typescript", "bin", "tsc"), "-p", ".");
        Assert.True(exit == 0, output);
    }

    [Fact]
    public void LockFile_Packages_RecordNoDownloadAddress()
    {
        var text = File.ReadAllText(Path.Combine(Workspace, PackagesFolder.LockFile));
        Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"resolved\": \"https://", text, StringComparison.Ordinal);
    }
}

/// <summary>A test that needs the Bicep compiler: the program that <c>BICEP</c> names, or the one that the azure edition restores. Without it, it is skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BicepFactAttribute : FactAttribute
{
    /// <summary>Looks for the compiler.</summary>
    public BicepFactAttribute()
    {
        if (Compiler is null)
        {
            Skip = "The Bicep compiler is not here: set BICEP to its program, or test the azure edition, which restores it on Linux.";
        }
    }

    internal static string? Compiler { get; } = new[] { Environment.GetEnvironmentVariable("BICEP"), Restored() }.FirstOrDefault(static path => File.Exists(path));

    private static string? Restored() =>
        typeof(BicepFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static item => item.Key == "BicepCompiler")?.Value;
}
