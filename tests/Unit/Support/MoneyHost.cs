using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;
using MidnightOS.Custody;
using MidnightOS.Midnight.Addresses;
using MidnightOS.Orchestrations;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Storage;
using MidnightOS.Storage.Flows;
using MidnightOS.Tests.Unit.Flows;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>Everything between HTTP and the chain over the real stores: Core, Custody, the flows and their engine. Two of them on one folder are two hosts.
/// The chain, the ledger process and the clock are scripted.</summary>
internal sealed class MoneyHost : IAsyncDisposable
{
    public static readonly TenantId Tenant = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    public const string User = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private readonly ServiceProvider _services;
    private int _bots;
    private bool _running;

    public MoneyHost(MoneyWorld world, Dictionary<string, string?>? settings = null)
    {
        World = world;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(settings ?? [], StringComparer.Ordinal) { ["Data:Folder"] = world.Folder.Path })
            .Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock)
            .AddLogging(logging => logging.ClearProviders())
            .AddStorage(configuration)
            .AddCustody(configuration)
            .AddSingleton(world.Addresses)
            .AddSingleton<ILedger>(Ledger)
            .AddSingleton<IChainIndexer>(world.Chain)
            .AddSingleton<IChainNode>(world.Chain)
            .AddSingleton<IContractReader>(Contracts)
            .AddSingleton<IContractLedger>(Contracts)
            .AddSingleton(new NetworkProfile("devnet", NetworkId.Undeployed, CannotSendBecause: null))
            .AddCore()
            .AddLedgerWork()
            .AddOrchestrations()
            .AddFlowEngine(static _ => { });
        services.RemoveAll<IFlowJournal>();
        services.AddSingleton<SqliteFlowJournal>().AddSingleton<WatchedJournal>();
        services.AddSingleton<IFlowJournal>(static provider => provider.GetRequiredService<WatchedJournal>());
        var store = services.Last(static service => service.ServiceType == typeof(IDocumentStore));
        services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(provider => new HookedStore((IDocumentStore)Make(provider, store), this)));
        var flows = services.Last(static service => service.ServiceType == typeof(IFlowClient));
        services.Replace(ServiceDescriptor.Singleton<IFlowClient>(provider => new HookedFlows((IFlowClient)Make(provider, flows), this)));
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public MoneyWorld World { get; }

    public ScriptedChain Chain => World.Chain;

    public ManualTimeProvider Clock { get; } = new();

    public DeterministicLedger Ledger { get; } = new(new AddressCodec());

    public ScriptedContracts Contracts { get; } = new();

    /// <summary>Runs before this host reads a document.</summary>
    public Func<DocumentKey, Task> BeforeRead { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs before this host tells a flow something.</summary>
    public Func<string, Task> BeforeTell { get; set; } = static _ => Task.CompletedTask;

    public IDocumentStore Store => Get<IDocumentStore>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts what the host needs before its first use.</summary>
    public async Task<MoneyHost> StartedAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().Where(static service => service is not FlowEngine))
        {
            await service.StartAsync(CancellationToken.None);
        }

        return this;
    }

    /// <summary>A running bot with a wallet, made by the steps of its creation.</summary>
    public async Task<BotRef> CreateBotAsync(SpendLimits? limits = null)
    {
        var config = new BotConfig { Capabilities = limits is null ? null : new BotCapabilities(Limits: limits) };
        var made = await Get<CreateBot>().RunAsync(new CreateBotRequest(Tenant, User, $"Bot {++_bots}", null, BotType.General, null, config), default);
        var bot = new BotRef(Tenant, made.Value.Bot.Id, made.Value.Operation.Id);
        await StepAsync<SaveBotConfig, BotRef, StageOutcome>(bot);
        await StepAsync<RegisterAgent, BotRef, StageOutcome>(bot);
        await StepAsync<CreateWallet, BotRef, StageOutcome>(bot);
        await StepAsync<ActivateBot, BotRef, StageOutcome>(bot);
        await StepAsync<AnnounceBot, BotRef, StageOutcome>(bot);
        return bot;
    }

    /// <summary>A running bot whose book has these coins of NIGHT (atomic units).</summary>
    public async Task<BotRef> CreateFundedAsync(params long[] coins)
    {
        var bot = await CreateBotAsync();
        Chain.Fund(await AddressAsync(bot), coins);
        await SyncAsync(bot);
        return bot;
    }

    public async Task<TOutput> StepAsync<TStep, TInput, TOutput>(TInput input, int sequence = 1)
        where TStep : class, IStep<TInput, TOutput>
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TStep>().RunAsync(new StepKey("flow", sequence, 1), input, CancellationToken.None);
    }

    public Task<BuildOutcome> BuildAsync(TransactionRef transfer, bool woken = false) =>
        StepAsync<BuildTransaction, BuildInput, BuildOutcome>(new BuildInput(transfer, woken));

    public async Task<TransactionStatus> SubmitAsync(TransactionRef transfer) =>
        (await StepAsync<SubmitTransaction, TransactionRef, TransactionStanding>(transfer)).Status;

    public Task<CheckOutcome> CheckAsync(TransactionRef transfer) => StepAsync<CheckTransaction, TransactionRef, CheckOutcome>(transfer);

    public Task SyncAsync(BotRef bot) => Get<SyncWallet>().RunAsync(bot.Tenant, bot.BotId, default);

    public async Task<string> AddressAsync(BotRef bot) => (await BotAsync(bot)).WalletAddress!;

    public async Task<Bot> BotAsync(BotRef bot) => (await Store.ReadAsync<Bot>(bot.Tenant, Bot.Key(bot.BotId), default))!.Value;

    public async Task<WalletBook> BookAsync(BotRef bot) => (await Store.ReadAsync<WalletBook>(bot.Tenant, WalletBook.Key(bot.BotId), default))!.Value;

    public async Task<Transaction> ReadAsync(TransactionRef transfer) =>
        (await Store.ReadAsync<Transaction>(transfer.Tenant, Transaction.Key(transfer.TransactionId), default))!.Value;

    /// <summary>Stores a record as a test wishes it.</summary>
    public async Task StoreAsync(Transaction transaction) => Assert.True((await Get<IUnitOfWork>().CommitAsync(
        Tenant, new Batch().Put(Transaction.Key(transaction.Id), transaction, Precondition.None, TransactionDocuments.Indexes(transaction)), default)).Committed);

    public async Task<IReadOnlyList<Transaction>> TransactionsAsync(BotRef bot) =>
        (await Get<ReadTransactions>().ListAsync(bot.Tenant, bot.BotId, 100, null, default)).Value.Transactions;

    /// <summary>The ids of the coins in the store that a transfer holds.</summary>
    public async Task<IReadOnlyList<string>> LockedAsync(BotRef bot)
    {
        var query = new DocumentQuery(WalletCoin.Kind, WalletCoin.All, WalletCoin.IndexValue(bot.BotId, Token.Night.Type)) { Limit = 1000 };
        var page = await Store.QueryAsync(bot.Tenant, query, default);
        return [.. page.Documents.Select(static document => document.As<WalletCoin>().Value).Where(static coin => coin.LockedBy is not null).Select(static coin => coin.Coin.Id)];
    }

    public async Task<TransactionRef> SendAsync(BotRef bot, string amount, string? to = null, bool confirmed = true)
    {
        var request = new SendRequest(bot.Tenant, bot.BotId, User, to ?? World.Stranger, amount) { Confirmed = confirmed };
        var sent = await Get<SendFunds>().RunAsync(request, default);
        Assert.True(sent.IsSuccess, sent.Error?.Message);
        return new TransactionRef(bot.Tenant, bot.BotId, sent.Value.Id);
    }

    /// <summary>Carries a transfer to the network.</summary>
    public async Task<TransactionRef> SubmittedAsync(BotRef bot, string amount, string? to = null)
    {
        var transfer = await SendAsync(bot, amount, to);
        Assert.Equal(TransactionStatus.Proving, (await BuildAsync(transfer)).Status);
        Assert.Equal(TransactionStatus.Submitted, await SubmitAsync(transfer));
        return transfer;
    }

    /// <summary>Has a flow of this id, started or not, ended by a defect.</summary>
    public async Task BreakFlowAsync(string flow, string id)
    {
        var journal = Get<IFlowJournal>();
        var now = Clock.GetUtcNow();
        await journal.CreateAsync(new NewFlow(id, flow, "{}", now), default);
        var claims = await journal.ClaimAsync(new FlowClaimQuery([flow], 1, now, now + TimeSpan.FromSeconds(10)), default);
        var end = new FlowNext.End(FlowStatus.Failed, null, "a defect", now);
        await journal.CommitAsync(Assert.Single(claims.Claims).Lease, new FlowTurn(0, [], null, 0, end), default);
        Assert.Equal(FlowStatus.Failed, (await journal.FindAsync(id, default))?.Status);
    }

    /// <summary>What the book says must be what the chain has, and nothing is reserved or held any more.</summary>
    public async Task AssertAtRestAsync(BotRef bot)
    {
        await SyncAsync(bot);
        var coins = Chain.CoinsOf(await AddressAsync(bot)).Where(static coin => coin.TokenType == Token.Night.Type).ToList();
        var holding = (await BookAsync(bot)).Of(Token.Night.Type);
        Assert.Equal(new Holding(Amount.Sum(coins.Select(static coin => coin.Value)), Amount.Zero, coins.Count), holding);
        Assert.Empty(await LockedAsync(bot));
    }

    /// <summary>The records that wait in the outbox.</summary>
    public async Task<IReadOnlyList<OutboxRecord>> OutboxAsync()
    {
        var page = await Store.QueryAsync(Tenant, new DocumentQuery(OutboxPlace.Platform.Kind) { Limit = 1000 }, default);
        return [.. page.Documents.Select(static document => document.As<OutboxRecord>().Value)];
    }

    /// <summary>Runs the engine, the outbox and the clock until something is so; the chain makes a block now and then.</summary>
    public async Task RunUntilAsync(Func<Task<bool>> done)
    {
        var engine = Get<FlowEngine>();
        if (!_running)
        {
            _running = true;
            await engine.StartAsync(CancellationToken.None);
        }

        for (var round = 0; !await done(); round++)
        {
            Assert.True(round < 20_000, "It did not come to pass.");
            await Get<DispatchOutbox>().RunAsync(Tenant, default);
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            engine.Wake("");
            await Get<WatchedJournal>().LookedAtAsync(Clock.GetUtcNow());
            if (round % 10 == 0 && Mines)
            {
                Chain.Mine(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Whether <see cref="RunUntilAsync"/> makes blocks.</summary>
    public bool Mines { get; set; } = true;

    public async ValueTask DisposeAsync()
    {
        if (_running)
        {
            await Get<FlowEngine>().StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }

    private static object Make(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    private sealed class HookedStore(IDocumentStore store, MoneyHost host) : IDocumentStore
    {
        public async Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken)
        {
            await host.BeforeRead(key);
            return await store.GetAsync(tenant, key, cancellationToken);
        }

        public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken) =>
            store.QueryAsync(tenant, query, cancellationToken);

        public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken) =>
            store.CommitAsync(tenant, writes, cancellationToken);
    }

    private sealed class HookedFlows(IFlowClient flows, MoneyHost host) : IFlowClient
    {
        public async Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken)
        {
            await host.BeforeTell(id);
            return await flows.StartAsync(flow, id, inputJson, cancellationToken);
        }

        public async Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
        {
            await host.BeforeTell(id);
            await flows.RaiseAsync(id, eventId, name, payloadJson, cancellationToken);
        }

        public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => flows.FindAsync(id, cancellationToken);
    }
}

/// <summary>A data folder and a chain that hosts share.</summary>
internal sealed class MoneyWorld : IDisposable
{
    public MoneyWorld()
    {
        Chain = new ScriptedChain(Addresses, NetworkId.Undeployed);
        Stranger = Addresses.EncodeUnshielded(new string('7', 64), NetworkId.Undeployed).Text;
    }

    public TemporaryFolder Folder { get; } = new();

    public IAddressCodec Addresses { get; } = new AddressCodec();

    public ScriptedChain Chain { get; }

    /// <summary>An address that no bot has.</summary>
    public string Stranger { get; }

    public Task<MoneyHost> HostAsync(Dictionary<string, string?>? settings = null) => new MoneyHost(this, settings).StartedAsync();

    public void Dispose() => Folder.Dispose();
}
