using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Prover;

namespace MidnightOS.Tests.Integration.Contracts;

/// <summary>A bot calls a contract on the devnet: real keys, a real proof by the proof service, the official ledger.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ContractCallTests(PlatformUnderTest platform)
{
    private IContractReader Contracts => platform.Services.GetRequiredService<IContractReader>();

    [CircuitFact]
    public async Task Call_WithARealProof_IsConfirmedAndChangesTheContract()
    {
        var circuit = await CircuitUnderTest.DeployAsync(platform.Services);
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        var before = await CircuitUnderTest.StateAsync(Contracts, circuit.Addresses[0]);
        var id = await circuit.CallAsync(ann, bot, circuit.Addresses[0], static body => body["note"] = "count me in");

        var end = await ann.EndOfAsync(id);
        Assert.True((string?)end["status"] == "confirmed", end.ToJsonString());
        Assert.Equal(["requested", "building", "proving", "submitted", "confirmed"], end["history"]!.AsArray().Select(static moment => (string?)moment!["status"]));
        Assert.Equal(("contractCall", "out", "0", "count me in"), ((string?)end["type"], (string?)end["direction"], (string?)end["amount"], (string?)end["note"]));
        Assert.Equal((circuit.Addresses[0], "count"), ((string?)end["contract"]!["address"], (string?)end["contract"]!["entryPoint"]));
        Assert.NotNull(end["block"]);
        Assert.NotEqual(before, await CircuitUnderTest.StateAsync(Contracts, circuit.Addresses[0]));
        await AssertErasedAsync(ann, id);
        var listed = (await ann.GetAsync($"/api/bots/{bot}/transactions"))["data"]!.AsArray();
        Assert.Equal(id, (string?)Assert.Single(listed)!["id"]);

        // The contract's state is another now, and what the transcript reads is not there any more.
        var again = await ann.PostAsync($"/api/bots/{bot}/contracts/{circuit.Addresses[0]}/calls", circuit.Body(), HttpStatusCode.BadRequest);
        Assert.Contains("mismatch", (string?)again["error"]!["details"]!["transcript"], StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task Call_WithATamperedProverKey_FailsWithTheReason()
    {
        var circuit = await CircuitUnderTest.DeployAsync(platform.Services);
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        var before = await CircuitUnderTest.StateAsync(Contracts, circuit.Addresses[0]);
        var key = OfficialBodies.Circuit("prover");
        key[key.Length / 2] ^= 0x40;
        var id = await circuit.CallAsync(ann, bot, circuit.Addresses[0], body => body["keys"]!["proverKey"] = Convert.ToBase64String(key));

        var end = await ann.EndOfAsync(id);
        Assert.True((string?)end["status"] == "failed", end.ToJsonString());
        Assert.StartsWith("Its proof could not be made: ", (string?)end["error"], StringComparison.Ordinal);
        Assert.Equal(["requested", "building", "proving", "failed"], end["history"]!.AsArray().Select(static moment => (string?)moment!["status"]));
        Assert.Equal(before, await CircuitUnderTest.StateAsync(Contracts, circuit.Addresses[0]));
        await AssertErasedAsync(ann, id);
    }

    [CircuitFact]
    public async Task Call_WhatDoesNotFit_IsRefusedWithTheFieldAtFault()
    {
        var circuit = await CircuitUnderTest.DeployAsync(platform.Services);
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        var verifier = OfficialBodies.Circuit("verifier");
        verifier[^1] ^= 1;
        await AssertRefusedAsync("entryPoint", static body => body["entryPoint"] = "nothing");
        await AssertRefusedAsync("keys.verifierKey", body => body["keys"]!["verifierKey"] = Convert.ToBase64String(verifier));
        await AssertRefusedAsync("transcript", static body => body["transcript"]!.AsArray().RemoveAt(0));
        await AssertRefusedAsync("transcript", static body => body["transcript"] = new JsonArray("jump"));
        await AssertRefusedAsync("transcript", static body => body["privateTranscriptOutputs"] = new JsonArray(new JsonObject { ["value"] = new JsonArray("01"), ["alignment"] = new JsonArray() }));
        await AssertRefusedAsync("transcript", body => body["keys"]!["ir"] = Convert.ToBase64String(OfficialBodies.Circuit("bzkir")[..100]));
        var trap = OfficialBodies.Circuit("bzkir");
        trap[81] ^= 0x80;
        Assert.Contains("cannot work with this circuit", await AssertRefusedAsync("transcript", body => body["keys"]!["ir"] = Convert.ToBase64String(trap)), StringComparison.Ordinal);
        await AssertRefusedAsync("keys.ir", static body => body["keys"]!["ir"] = "");
        await AssertRefusedAsync("keys.proverKey", static body => body["keys"]!["proverKey"] = "%%%%");
        await ann.PostAsync($"/api/bots/{bot}/contracts/{new string('e', 64)}/calls", circuit.Body(), HttpStatusCode.NotFound);
        await ann.PostAsync($"/api/bots/{bot}/contracts/nowhere/calls", circuit.Body(), HttpStatusCode.BadRequest);
        Assert.Empty((await ann.GetAsync($"/api/bots/{bot}/transactions"))["data"]!.AsArray());

        using var large = new HttpRequestMessage(HttpMethod.Post, $"/api/bots/{bot}/contracts/{circuit.Addresses[0]}/calls") { Content = new ByteArrayContent(new byte[18_000_000]) };
        large.Content.Headers.ContentType = new("application/json");
        large.Headers.ExpectContinue = true;
        using var refused = await ann.Http.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);

        await ann.SendAsync(HttpMethod.Patch, $"/api/bots/{bot}", new { capabilities = new { permissions = new[] { "spend" } } }, HttpStatusCode.OK);
        var denied = await ann.PostAsync($"/api/bots/{bot}/contracts/{circuit.Addresses[0]}/calls", circuit.Body(), HttpStatusCode.UnprocessableEntity);
        Assert.Equal("POLICY_DENIED", (string?)denied["error"]!["code"]);

        async Task<string> AssertRefusedAsync(string field, Action<JsonObject> change)
        {
            var problem = await ann.PostAsync($"/api/bots/{bot}/contracts/{circuit.Addresses[0]}/calls", circuit.Body(change), HttpStatusCode.BadRequest);
            Assert.True(problem["error"]!["details"]?[field] is not null, problem.ToJsonString());
            return (string)problem["error"]!["details"]![field]!;
        }
    }

    [CircuitFact]
    public async Task Call_SentTwiceWithOneKey_IsOneCall()
    {
        var circuit = await CircuitUnderTest.DeployAsync(platform.Services);
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        var path = $"/api/bots/{bot}/contracts/{circuit.Addresses[0]}/calls";
        var (first, second) = (await ann.PostAsync(path, circuit.Body(), HttpStatusCode.Accepted, "one"), await ann.PostAsync(path, circuit.Body(), HttpStatusCode.Accepted, "one"));
        Assert.Equal((string?)first["transaction"]!["id"], (string?)second["transaction"]!["id"]);
        var end = await ann.EndOfAsync((string)first["transaction"]!["id"]!);
        Assert.True((string?)end["status"] == "confirmed", end.ToJsonString());
    }

    /// <summary>Once its flow has ended, neither keys and transcript nor the proof's request and answer are kept.</summary>
    private async Task AssertErasedAsync(PlatformClient client, string id)
    {
        var flows = platform.Services.GetRequiredService<IFlowClient>();
        while (await flows.FindAsync(id, default) is { Status: FlowStatus.Running })
        {
            await Task.Delay(10);
        }

        var tenant = new TenantId((string)client.Session["tenant"]!["id"]!);
        foreach (var container in new[] { "contract-calls", "proofs" })
        {
            await foreach (var blob in platform.Services.GetRequiredService<IBlobStore>().ListAsync(tenant, container, default))
            {
                Assert.Fail($"{container} still holds {blob.Name}.");
            }
        }
    }
}
