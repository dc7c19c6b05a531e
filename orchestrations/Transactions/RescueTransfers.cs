using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Transactions;
using MidnightOS.Orchestrations.Rescue;

namespace MidnightOS.Orchestrations.Transactions;

/// <summary>Ends transfers whose flow is gone. No reservation outlives its flow for long.</summary>
/// <remarks>What may be with the network is watched until the chain's clock ends it; anything else is failed, since nothing was paid.</remarks>
internal sealed partial class RescueTransfers(
    IDocumentStore store, IFlowClient flows, IServiceScopeFactory scopes, TimeProvider time, ILogger<RescueTransfers> logger) : IRescue
{
    public async Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var open = 0;
        await foreach (var transfer in store.ReadAllAsync<Transaction>(tenant, Transaction.NotEnded, cancellationToken))
        {
            open++;
            await RescueAsync(tenant, transfer.Value, cancellationToken);
        }

        return open;
    }

    private async Task RescueAsync(TenantId tenant, Transaction transfer, CancellationToken cancellationToken)
    {
        // Younger ones may still wait for the outbox to start their flow.
        if (transfer.Work is null || time.GetUtcNow() - transfer.CreatedAt < OpenWork.LookAfter)
        {
            return;
        }

        var reference = new TransactionRef(tenant, transfer.BotId, transfer.Id);
        var flow = await flows.FindAsync(transfer.Id, cancellationToken);
        if (flow is null)
        {
            LogLost(logger, transfer.Id, "none");
            var name = transfer.Type is TransactionType.ContractCall ? ContractCallFlowNames.Flow.Name : TransactionFlowNames.Flow.Name;
            await flows.StartAsync(name, transfer.Id, DocumentJson.ToText(reference), cancellationToken);
        }
        else if (flow.Status is not FlowStatus.Running)
        {
            LogLost(logger, transfer.Id, flow.Error ?? flow.Status.ToString());
            await EndAsync(reference, transfer.Status, cancellationToken);
        }
    }

    private async Task EndAsync(TransactionRef transfer, TransactionStatus status, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var key = new StepKey(transfer.TransactionId, 0, 1);
        if (status is TransactionStatus.Submitted)
        {
            await scope.ServiceProvider.GetRequiredService<CheckTransaction>().RunAsync(key, transfer, cancellationToken);
            return;
        }

        var end = GiveUpInput.Of(transfer, status, "It could not be carried on. Nothing was paid.");
        await scope.ServiceProvider.GetRequiredService<GiveUpTransaction>().RunAsync(key, end, cancellationToken);
    }

    [LoggerMessage(2201, LogLevel.Error, "The transfer {TransactionId} is open without a flow that runs ({Flow}); it is brought to its end.")]
    private static partial void LogLost(ILogger logger, string transactionId, string flow);
}
