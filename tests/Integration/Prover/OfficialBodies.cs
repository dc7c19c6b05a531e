using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Integration.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Bodies that the official ledger writes for a proof server, of a call of the test circuit; made once.</summary>
internal static class OfficialBodies
{
    private static readonly Lazy<Task<Dictionary<string, byte[]>>> Made = new(MakeAsync);

    /// <summary>A body by the name that <c>devnet/testing/proofPayloads.js</c> gives it.</summary>
    public static async Task<byte[]> OfAsync(string name) => (byte[])(await Made.Value)[name].Clone();

    /// <summary>Text by its name.</summary>
    public static async Task<string> TextAsync(string name) => Encoding.UTF8.GetString((await Made.Value)[name]);

    /// <summary>A file of the test circuit: <c>fallible.prover</c>, <c>.verifier</c> or <c>.bzkir</c>.</summary>
    public static byte[] Circuit(string extension) => File.ReadAllBytes(Path.Combine(Folder, $"fallible.{extension}"));

    /// <summary>Where the test data is.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("MIDNIGHT_FIXTURES") ?? Path.Combine(NodeSuiteTests.RepositoryFolder(), "..", "shared", "midnight"));

    private static async Task<Dictionary<string, byte[]>> MakeAsync()
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development);
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", Path.Combine(paths.Packages, "devnet", "testing", "proofPayloads.js")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return JsonSerializer.Deserialize<Dictionary<string, byte[]>>(output)!;
    }
}

/// <summary>A fact that needs the test circuit, which is not part of the repository; without it, it is skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CircuitFactAttribute : FactAttribute
{
    public CircuitFactAttribute() => Skip = Reason;

    internal static string? Reason { get; } =
        Directory.Exists(OfficialBodies.Folder) ? null : "The test data is not here: set MIDNIGHT_FIXTURES to its folder, or put it at ../shared/midnight.";
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CircuitTheoryAttribute : TheoryAttribute
{
    public CircuitTheoryAttribute() => Skip = CircuitFactAttribute.Reason;
}
