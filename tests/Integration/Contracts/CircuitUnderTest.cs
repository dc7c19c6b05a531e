using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Contracts;

/// <summary>Contracts with the test circuit <c>count</c> on a devnet, and calls of them as a dApp's developer would send them.</summary>
internal sealed class CircuitUnderTest
{
    private readonly JsonNode _transcript;

    private CircuitUnderTest(IReadOnlyList<string> addresses, JsonNode transcript) => (Addresses, _transcript) = (addresses, transcript);

    /// <summary>Where the contracts are; each takes one call with this transcript.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Deploys contracts and waits until the indexer has them.</summary>
    public static async Task<CircuitUnderTest> DeployAsync(Uri node, IContractReader contracts, int count = 1)
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development);
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", Path.Combine(paths.Packages, "devnet", "testing", "deployProgram.js")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { node, verifier = Path.Combine(OfficialBodies.Folder, "fallible.verifier"), count }));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        var answer = JsonNode.Parse(output)!;
        var addresses = answer["addresses"]!.AsArray().Select(static address => (string)address!).ToList();
        foreach (var address in addresses)
        {
            await StateAsync(contracts, address);
        }

        return new CircuitUnderTest(addresses, answer["transcript"]!);
    }

    /// <summary>As the other, on a host's own devnet.</summary>
    public static async Task<CircuitUnderTest> DeployAsync(IServiceProvider host, int count = 1) => await DeployAsync(
        (await host.GetRequiredService<IChainEndpointSource>().GetAsync(CancellationToken.None)).Node, host.GetRequiredService<IContractReader>(), count);

    /// <summary>A contract's state on the chain, hex.</summary>
    public static async Task<string> StateAsync(IContractReader contracts, string address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (await contracts.FindAsync(address, limit.Token) is { } contract)
            {
                return Convert.ToHexStringLower(contract.State);
            }

            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>The body of a call.</summary>
    /// <param name="change">What is to be otherwise.</param>
    public JsonObject Body(Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["entryPoint"] = "count",
            ["transcript"] = _transcript.DeepClone(),
            ["keys"] = new JsonObject
            {
                ["proverKey"] = Convert.ToBase64String(OfficialBodies.Circuit("prover")),
                ["verifierKey"] = Convert.ToBase64String(OfficialBodies.Circuit("verifier")),
                ["ir"] = Convert.ToBase64String(OfficialBodies.Circuit("bzkir")),
            },
        };
        change?.Invoke(body);
        return body;
    }

    /// <summary>Has a bot call a contract.</summary>
    /// <returns>The transaction's id.</returns>
    public async Task<string> CallAsync(PlatformClient client, string bot, string address, Action<JsonObject>? change = null) =>
        (string)(await client.PostAsync($"/api/bots/{bot}/contracts/{address}/calls", Body(change), HttpStatusCode.Accepted))["transaction"]!["id"]!;
}
