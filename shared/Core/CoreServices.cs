using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Audit;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chat;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Events;
using MidnightOS.Core.Health;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Records;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core;

/// <summary>The composition of Core.</summary>
public static class CoreServices
{
    /// <summary>
    /// Adds the use cases of Core that need no right on wallets' seeds. The host adds the ports: storage, chain, flows, model; what only its rights allow comes
    /// with the port: <see cref="AddWalletKeeping"/> with custody, <see cref="AddVaultProbe"/> with a vault, <see cref="AddLedgerWork"/> with a ledger.
    /// </summary>
    public static IServiceCollection AddCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IIdGenerator, IdGenerator>();
        services.AddSingleton<RequestRate>();
        services.TryAddSingleton<IRecordStore, DocumentRecordStore>();
        services.AddAccounts();
        services.AddSingleton<IReadinessProbe, StorageProbe>();
        AddOutbox(services);
        AddBots(services);
        AddWallets(services);
        AddTransactions(services);
        services.AddChat();
        services.AddProofs();
        services.AddContracts();
        return services;
    }

    /// <summary>Adds what keeps jobs of proofs and tells who may ask for them, and nothing else of Core: for an app that makes proofs apart from the platform.</summary>
    public static IServiceCollection AddProofCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IIdGenerator, IdGenerator>();
        services.AddSingleton<RunPlannedWork>();
        return services.AddCredentials().AddProofs().AddProofsApart();
    }

    /// <summary>Adds what opens, restores or erases seeds. Only an app with custody calls it: in the azure edition the flows alone.</summary>
    public static IServiceCollection AddWalletKeeping(this IServiceCollection services)
    {
        services.AddSingleton<IBackgroundWork, CustodyWork>();
        services.AddSingleton<RestoreBot>();
        services.AddSingleton<SignTransfer>();
        services.TryAddSingleton<IWalletExport, DirectWalletExport>();
        return services;
    }

    /// <summary>Lets wallets be exported by a flow, for an app without custody (docs/adr/0015).</summary>
    public static IServiceCollection AddWalletExportByFlow(this IServiceCollection services)
    {
        services.AddSingleton<IWalletExport, ExportByFlow>();
        return services;
    }

    /// <summary>Measures how much work waits by the directory alone, for stores that cannot count.</summary>
    public static IServiceCollection AddDueQueueDepths(this IServiceCollection services) => services.AddSingleton<IQueueDepths, DueQueueDepths>();

    /// <summary>Lets the readiness tell of the vault.</summary>
    public static IServiceCollection AddVaultProbe(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessProbe, VaultProbe>());
        return services;
    }

    /// <summary>Adds what works with the ledger's processes, and lets the readiness tell of them. A host with a ledger calls it.</summary>
    public static IServiceCollection AddLedgerWork(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessProbe, LedgerProbe>());
        services.TryAddSingleton<PrepareCall>();
        services.TryAddSingleton<CallProofs>();
        return services;
    }

    private static void AddOutbox(IServiceCollection services)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton(static _ => OutboxPlace.Platform);
        services.AddSingleton<IUnitOfWork, UnitOfWork>();
        services.AddSingleton<DispatchOutbox>();
        services.AddSingleton<SweepOutbox>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<SweepOutbox>());
        services.AddSingleton<IBackgroundWork, MeasureQueues>();
        services.AddSingleton<RunPlannedWork>();
        services.AddSingleton<EventSignal>();
        services.AddSingleton<ReadEvents>();
    }

    private static void AddBots(IServiceCollection services)
    {
        services.AddValidatedOptions<BotOptions>(BotOptions.Section, static options => options.Problem());
        services.AddSingleton<GetOperation>();
        services.AddSingleton<TrackOperation>();
        services.AddSingleton<CheckBotFields>();
        services.AddSingleton<AgentRegistry>();
        services.AddSingleton<CreateBot>();
        services.AddSingleton<ReadBots>();
        services.AddSingleton<UpdateBot>();
        services.AddSingleton<MoveBot>();
        services.AddSingleton<DeleteBot>();
        services.AddSingleton<BotStage>();
    }

    private static void AddWallets(IServiceCollection services)
    {
        services.AddSingleton<WalletLocks>();
        services.AddSingleton<RecordTransfer>();
        services.AddSingleton<ApplyChainTransaction>();
        services.AddSingleton<SyncWallet>();
        services.AddSingleton<ChainCursor>();
        services.AddSingleton<ChainTip>();
        services.AddSingleton<ChainClock>();
        services.AddSingleton<GetWallet>();
        services.AddSingleton<WriteAudit>();
        services.AddSingleton<ExportWallet>();
        services.AddSingleton<FollowChain>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<FollowChain>());
    }

    private static void AddTransactions(IServiceCollection services)
    {
        services.AddValidatedOptions<TransactionOptions>(TransactionOptions.Section, static options => options.Problem());
        services.AddSingleton<CheckSend>();
        services.AddSingleton<SendFunds>();
        services.AddSingleton<DecideTransaction>();
        services.AddSingleton<ReadTransactions>();
        services.AddSingleton<ChangeTransaction>();
        services.AddSingleton<ChooseCoins>();
        services.AddSingleton<JudgeTransfer>();
        services.AddSingleton<OpenWork>();
    }
}

/// <summary>Options that are checked when the host starts.</summary>
public static class ValidatedOptions
{
    /// <summary>Binds a section and refuses to start when something in it is wrong; the message names the setting.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section's name.</param>
    /// <param name="problem">What is wrong, naming the setting; null when nothing is.</param>
    public static IServiceCollection AddValidatedOptions<TOptions>(this IServiceCollection services, string section, Func<TOptions, string?> problem)
        where TOptions : class
    {
        services.AddOptions<TOptions>()
            .BindConfiguration(section)
            .Validate(options => problem(options) is { } wrong ? throw new OptionsProblemException(wrong) : true)
            .ValidateOnStart();
        return services;
    }
}

/// <summary>A setting is wrong; the message is one sentence that names it.</summary>
public sealed class OptionsProblemException(string message) : Exception(message);
