using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Storage;
using MidnightOS.Prover.Queue;
using MidnightOS.Tests.Unit.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>What the proof service says when something that it needs is out of reach: never that the client's credential or body is wrong.</summary>
public sealed class OutageTests
{
    private const string Tenant = "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Secret = "the words of an exception";

    [Fact]
    public async Task Post_IdentityWhoseIssuerIsOut_IsAskedToTryAgainAndKnownAfterwards()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var issuer = await FakeIssuer.StartAsync();
        await using var prover = await StartAsync(clock, issuer);
        issuer.IsOut = true;
        await AssertOutageAsync(prover, "Bearer " + issuer.Token("worker"));
        await AssertOutageAsync(prover, "Bearer " + issuer.Token("stranger"));
        Assert.Contains("The keys of the issuer", prover.Logs.Text, StringComparison.Ordinal);

        issuer.IsOut = false;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((200, 401), (await StatusAsync(prover, issuer.Token("worker")), await StatusAsync(prover, issuer.Token("stranger"))));
        Assert.Equal(1, issuer.Fetched);
    }

    [Fact]
    public async Task Post_IssuerIsOutWhenItsKeysAreToBeFetchedAgain_NoTokenThatMayBeGoodIsRefused()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var issuer = await FakeIssuer.StartAsync();
        await using var prover = await StartAsync(clock, issuer);
        Assert.Equal(200, await StatusAsync(prover, issuer.Token("worker")));
        issuer.IsOut = true;
        clock.Advance(TimeSpan.FromMinutes(2));

        // Known keys are good for an hour; a key that is not known may be a new one.
        Assert.Equal(200, await StatusAsync(prover, issuer.Token("worker")));
        await AssertOutageAsync(prover, "Bearer " + issuer.Token("worker", keyId: "key-2"));
        clock.Advance(TimeSpan.FromHours(1));
        await AssertOutageAsync(prover, "Bearer " + issuer.Token("worker"));
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("vault")]
    [InlineData("vault's service")]
    public async Task Post_WhatItNeedsIsOut_IsAskedToTryAgain(string what)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver(), services => services.AddSingleton<IProofQueue>(new Broken(what switch
        {
            "storage" => new StorageUnavailableException(Secret),
            "vault" => new VaultException(Secret),
            _ => new VaultUnavailableException(Secret),
        })));
        await AssertOutageAsync(prover, null);
    }

    private static Task<ProverUnderTest> StartAsync(ManualTimeProvider clock, FakeIssuer issuer) =>
        ProverUnderTest.StartAsync(new ScriptedProver(), services => services.AddSingleton<TimeProvider>(clock), [.. issuer.Settings("worker", Tenant)]);

    private static async Task AssertOutageAsync(ProverUnderTest prover, string? credential)
    {
        using var answer = await SendAsync(prover, credential);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.Empty(answer.Headers.WwwAuthenticate);
        Assert.Equal("temporarily unavailable", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<int> StatusAsync(ProverUnderTest prover, string token)
    {
        using var answer = await SendAsync(prover, "Bearer " + token);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(ProverUnderTest prover, string? credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/prove") { Content = new ByteArrayContent(Bodies.Prove()) };
        if (credential is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", credential);
        }

        return await prover.Client.SendAsync(request);
    }

    private sealed class Broken(Exception exception) : IProofQueue
    {
        public QueueState State => new(0, 0, 0);

        public bool IsFullFor(TenantId tenant) => false;

        public Task<QueuedAnswer> RunAsync(ProofCaller caller, ProofCall call, CancellationToken timeUp, CancellationToken cancellationToken) => Task.FromException<QueuedAnswer>(exception);
    }
}
