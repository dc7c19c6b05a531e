using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Results;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Midnight.Ledger;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>The Node children of a host are killed in the middle of transfers; the host brings them back and every transfer ends well.</summary>
[Collection(CrashCollection.Name)]
public sealed class NodeChildTests : IDisposable
{
    // The product's own settings, so that what comes back is found at once.
    private static readonly string[] Impatient =
    [
        "--Devnet:BlockTime", "00:00:00.2", "--Midnight:Resilience:MaxRetryDelay", "00:00:00.5", "--Midnight:Resilience:BreakDuration", "00:00:00.5",
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Send_LedgerProcessesKilledInTheMiddleOfBuilds_AllArePaidOnce()
    {
        var killer = new Killer(kills: 4);
        await using var app = await PlatformUnderTest.StartAsync(_folder.Path, builder => killer.AimAtSecrets(builder.Services), Impatient);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        var alice = await ann.CreateBotAsync("Alice");
        var bob = await ann.CreateBotAsync("Bob");
        foreach (var coin in new[] { "2", "2", "2" })
        {
            await ann.FundAsync(alice, coin);
        }

        var to = await ann.AddressOfAsync(bob);
        killer.Target = () => app.Services.GetRequiredService<LedgerWorkers>().Ids;
        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "1.5" }, HttpStatusCode.Accepted)));
        foreach (var transaction in sent)
        {
            Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)transaction["transaction"]!["id"]!))["status"]);
        }

        Assert.Equal(4, killer.Kills);
        await AssertBooksAsync(app, ann, (alice, "1.5"), (bob, "4.5"));
    }

    [Fact]
    public async Task Send_DevnetKilledInTheMiddle_PaysOnce()
    {
        var killer = new Killer(kills: 3);
        await using var app = await PlatformUnderTest.StartAsync(
            _folder.Path, builder => killer.AimAtBoundaries(builder.Services, "transaction.build starting", "transaction.submit starting", "transaction.submit returned"), Impatient);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "2");
        var to = await ann.AddressOfAsync(bob);
        var devnet = app.Services.GetRequiredService<IDevnet>();
        killer.Target = () => [devnet.WhenReadyAsync(CancellationToken.None).GetAwaiter().GetResult().Pid];
        var sent = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "1.5" }, HttpStatusCode.Accepted);

        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)sent["transaction"]!["id"]!))["status"]);
        Assert.Equal(3, killer.Kills);
        await AssertBooksAsync(app, ann, (alice, "0.5"), (bob, "1.5"));
    }

    [Fact]
    public async Task Send_HostKilledWithItsDevnet_BothGoOnAndPayOnce()
    {
        const string Submitted = "transaction: transaction.submit#3 returned";
        await using var run = new CrashRun($"^{Submitted}$", ["--Devnet:BlockTime", "00:00:00.2"]);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var (alice, bob) = (await before.CreateBotAsync("Alice"), await before.CreateBotAsync("Bob"));
        await before.FundAsync(alice, "2");
        var body = new { to = await before.AddressOfAsync(bob), amount = "1.5" };
        var sent = await before.PostAsync($"/api/bots/{alice}/wallet/send", body, HttpStatusCode.Accepted);
        var last = run.PrepareLater();
        await host.ArmAsync();
        await host.DiesAsync();

        // At once: the devnet of the dead host may still be about to end.
        await last.StartAsync();
        await last.ArmAsync();
        using var ann = before.On(last.Address);
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)sent["transaction"]!["id"]!))["status"]);
        await ann.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "available") == "1.5");
        Assert.Equal("0.5", await ann.AvailableAsync(alice));
        await last.StopAsync();
        await using var state = new StoredState(run.Data, before.Session);
        await state.AssertSettledAsync((string)sent["transaction"]!["id"]!);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AssertBooksAsync(WebApplication app, PlatformClient client, params (string Bot, string Holds)[] ends)
    {
        var devnet = await app.Services.GetRequiredService<IDevnet>().WhenReadyAsync(CancellationToken.None);
        foreach (var (bot, holds) in ends)
        {
            var wallet = await client.UntilAsync($"/api/bots/{bot}/wallet", wallet => PlatformClient.Night(wallet, "total") == holds);
            Assert.Equal(holds, PlatformClient.Night(wallet, "available"));
            Assert.Equal(PlatformClient.Night(wallet, "atomic"), await ChainUnderCrashes.BalanceAsync(devnet.Indexer, devnet.Node, await client.AddressOfAsync(bot)));
        }
    }

    /// <summary>Kills processes, a number of times, where it is aimed at.</summary>
    private sealed class Killer(int kills) : IFlowObserver
    {
        private readonly Lock _gate = new();
        private HashSet<string> _boundaries = [];

        public Func<IReadOnlyList<int>>? Target { get; set; }

        public int Kills { get; private set; }

        /// <summary>Kills when a seed is on its way into a ledger process: the frame's header is written, the rest is not.</summary>
        public void AimAtSecrets(IServiceCollection services)
        {
            var inner = services.Last(static service => service.ServiceType == typeof(IWalletCustody)).ImplementationType!;
            services.AddSingleton<IWalletCustody>(provider => new AimedCustody((IWalletCustody)ActivatorUtilities.CreateInstance(provider, inner), this));
        }

        /// <summary>Kills once at each of the boundaries.</summary>
        public void AimAtBoundaries(IServiceCollection services, params string[] boundaries)
        {
            _boundaries = [.. boundaries];
            services.AddSingleton<IFlowObserver>(this);
        }

        public void OnStepStarting(StepStage stage) => At($"{stage.Step} starting");

        public void OnStepReturned(StepStage stage) => At($"{stage.Step} returned");

        public void Kill()
        {
            lock (_gate)
            {
                if (Target is null || Kills == kills)
                {
                    return;
                }

                Kills++;
                foreach (var id in Target())
                {
                    using var process = Process.GetProcessById(id);
                    process.Kill();
                }
            }
        }

        private void At(string boundary)
        {
            lock (_gate)
            {
                if (Target is not null && _boundaries.Remove(boundary))
                {
                    Kill();
                }
            }
        }
    }

    private sealed class AimedCustody(IWalletCustody inner, Killer killer) : IWalletCustody
    {
        public Task CreateAsync(WalletRef wallet, CancellationToken cancellationToken) => inner.CreateAsync(wallet, cancellationToken);

        public async Task<Result<IWalletSecret>> OpenAsync(WalletRef wallet, CancellationToken cancellationToken)
        {
            var opened = await inner.OpenAsync(wallet, cancellationToken);
            return opened.IsSuccess ? new AimedSecret(opened.Value, killer) : opened;
        }

        public Task<Result<string>> ExportAsync(WalletRef wallet, CancellationToken cancellationToken) => inner.ExportAsync(wallet, cancellationToken);

        public Task RetireAsync(WalletRef wallet, DateTimeOffset eraseAt, CancellationToken cancellationToken) => inner.RetireAsync(wallet, eraseAt, cancellationToken);

        public Task<Result<Done>> RestoreAsync(WalletRef wallet, CancellationToken cancellationToken) => inner.RestoreAsync(wallet, cancellationToken);

        public Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken) => inner.RunAsync(budget, cancellationToken);
    }

    private sealed class AimedSecret(IWalletSecret inner, Killer killer) : IWalletSecret
    {
        public int Length => inner.Length;

        public Task WriteToAsync(Stream standardInput, CancellationToken cancellationToken)
        {
            killer.Kill();
            return inner.WriteToAsync(standardInput, cancellationToken);
        }

        public void Dispose() => inner.Dispose();
    }
}
