using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using MidnightOS.Midnight.Node;
using MidnightOS.Prover.Proving.Parameters;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>The official clients prove through the service: <c>midnight-js-http-client-proof-provider</c> and <c>wallet-sdk-prover-client</c>.</summary>
public sealed class OfficialProofClientTests
{
    [CircuitFact]
    public async Task OfficialClients_SmallCircuit_ProofIsAcceptedAndMissingKeysAreNamed()
    {
        await using var service = await ProverUnderTest.StartAsync(
            prover: null,
            static services => services.AddNodeWorkspace(new ConfigurationBuilder().Build()),
            ("Prover:ParameterFolder", SmallCircuit.Folder),
            ("Prover:ParameterSource", ParameterOptions.None));
        var said = await RunAsync(service.Address);

        Assert.Equal("success", (string?)said["applied"]);
        Assert.Equal(13, (int)said["checked"]!);
        Assert.Contains("zswap/9/output.prover", (string?)said["shielded"], StringComparison.Ordinal);
        Assert.Contains("midnight/zswap/output", (string?)said["shielded"], StringComparison.Ordinal);
        Assert.Contains("bad input", (string?)said["unknown"], StringComparison.Ordinal);
    }

    private static async Task<JsonNode> RunAsync(Uri address)
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development);
        var program = Path.Combine(paths.Packages, "prover", "testing", "officialClients.js");
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", program, address.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return JsonNode.Parse(output.Split('\n')[^1])!;
    }
}
