using System.Net;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Prover;

namespace MidnightOS.Tests.Integration.Contracts;

/// <summary>A bot calls a contract on the devnet: real keys, a real proof by the proof service, the official ledger.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ContractCallTests(PlatformUnderTest platform)
{
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

        async Task AssertRefusedAsync(string field, Action<JsonObject> change)
        {
            var problem = await ann.PostAsync($"/api/bots/{bot}/contracts/{circuit.Addresses[0]}/calls", circuit.Body(change), HttpStatusCode.BadRequest);
            Assert.True(problem["error"]!["details"]?[field] is not null, problem.ToJsonString());
        }
    }
}
