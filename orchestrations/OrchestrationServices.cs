using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;
using MidnightOS.Orchestrations.Bots;
using MidnightOS.Orchestrations.Registry;
using MidnightOS.Orchestrations.Rescue;
using MidnightOS.Orchestrations.Transactions;
using MidnightOS.Orchestrations.Wallets;

namespace MidnightOS.Orchestrations;

/// <summary>The flows of the platform, the same on every host.</summary>
public static class OrchestrationServices
{
    /// <summary>Registers every flow with its steps. The host adds what runs them: <c>AddFlowEngine</c>, or Durable Task.</summary>
    public static IServiceCollection AddOrchestrations(this IServiceCollection services)
    {
        services.AddFlow<BotCreationFlow, BotRef, StageOutcome>(BotFlowNames.Create);
        services.AddStep<SaveBotConfig, BotRef, StageOutcome>(BotFlowNames.SaveConfig);
        services.AddStep<RegisterAgent, BotRef, StageOutcome>(BotFlowNames.RegisterAgent);
        services.AddStep<CreateWallet, BotRef, StageOutcome>(BotFlowNames.CreateWallet);
        services.AddStep<ActivateBot, BotRef, StageOutcome>(BotFlowNames.Activate);
        services.AddStep<AnnounceBot, BotRef, StageOutcome>(BotFlowNames.Announce);
        services.AddStep<UndoBotCreation, BotFailure, StageOutcome>(BotFlowNames.Undo);

        services.AddFlow<BotDeletionFlow, BotDeletion, StageOutcome>(BotFlowNames.Delete);
        services.AddStep<SweepBot, BotDeletion, SweepOutcome>(BotFlowNames.Sweep);
        services.AddStep<RemoveBot, BotRef, StageOutcome>(BotFlowNames.Remove);
        services.AddStep<KeepBot, BotFailure, StageOutcome>(BotFlowNames.KeepBot);

        services.AddFlow<BotRestoreFlow, BotRestoration, StageOutcome>(BotFlowNames.Restore);
        services.AddStep<RestoreDeletedBot, BotRestoration, StageOutcome>(BotFlowNames.RestoreDeleted);

        services.AddFlow<WalletExportFlow, ExportRef, ExportOutcome>(ExportFlowNames.Flow);
        services.AddStep<SealWords, ExportRef, ExportOutcome>(ExportFlowNames.Seal);

        services.AddFlow<TransactionFlow, TransactionRef, TransactionStatus>(TransactionFlowNames.Flow);
        services.AddStep<InspectTransaction, TransactionRef, TransactionStanding>(TransactionFlowNames.Inspect);
        services.AddStep<BuildTransaction, BuildInput, BuildOutcome>(TransactionFlowNames.Build);
        services.AddStep<ProveTransaction, TransactionRef, TransactionStanding>(TransactionFlowNames.Prove);
        services.AddStep<SubmitTransaction, TransactionRef, TransactionStanding>(TransactionFlowNames.Submit);
        services.AddStep<CheckTransaction, TransactionRef, CheckOutcome>(TransactionFlowNames.Check);
        services.AddStep<GiveUpTransaction, GiveUpInput, TransactionStanding>(TransactionFlowNames.GiveUp);

        services.AddFlow<ContractCallFlow, TransactionRef, TransactionStatus>(ContractCallFlowNames.Flow);
        services.AddStep<BuildCall, TransactionRef, TransactionStanding>(ContractCallFlowNames.Build);
        services.AddStep<ProveCall, TransactionRef, CallProofOutcome>(ContractCallFlowNames.Prove);
        services.AddStep<EndCall, TransactionRef, TransactionStatus>(ContractCallFlowNames.End);

        services.AddScoped<SettleRestored>();
        services.AddSingleton<IRescue, RescueTransfers>();
        services.AddSingleton<IRescue, RescueOperations>();
        services.AddSingleton<RescueWork>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<RescueWork>());
        return services;
    }
}
