using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Operations;
using MidnightOS.Orchestrations.Rescue;

namespace MidnightOS.Orchestrations.Bots;

/// <summary>Ends creations and deletions of bots whose flow ended by a defect, so that no bot stays <c>provisioning</c> or <c>deleting</c>.</summary>
/// <remarks>One whose flow was not started yet is left alone: the outbox starts it, however late.</remarks>
internal sealed partial class RescueOperations(
    IDocumentStore store, IFlowClient flows, IServiceScopeFactory scopes, ILogger<RescueOperations> logger) : IRescue
{
    private const string Reason = "It could not be carried on by a fault of the platform. Try again.";

    public async Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var open = 0;
        await foreach (var operation in store.ReadAllAsync<Operation>(tenant, Operation.NotEnded, cancellationToken))
        {
            open++;

            // Read again behind the flow's end: what it did last decides whether there is a way back, and the list may be older.
            if (await flows.FindAsync(operation.Value.Id, cancellationToken) is { Status: not FlowStatus.Running } flow
                && await store.ReadAsync<Operation>(tenant, Operation.Key(operation.Value.Id), cancellationToken) is { Value: { Status: OperationStatus.Running } left })
            {
                LogLost(logger, left.Id, flow.Error ?? flow.Status.ToString());
                await EndAsync(tenant, left, cancellationToken);
            }
        }

        return open;
    }

    private async Task EndAsync(TenantId tenant, Operation operation, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var key = new StepKey(operation.Id, 0, 1);
        var bot = new BotRef(tenant, operation.BotId, operation.Id);
        if (operation.Type == BotFlowNames.Create.Name)
        {
            await scope.ServiceProvider.GetRequiredService<UndoBotCreation>().RunAsync(key, new BotFailure(bot, Reason), cancellationToken);
        }
        else if (operation.Stages.Any(static stage => stage is { Name: BotFlowNames.Stages.RemoveBot, Status: not StageStatus.Pending }))
        {
            // Its seed may be retired already: there is no way back, only on.
            await scope.ServiceProvider.GetRequiredService<RemoveBot>().RunAsync(key, bot, cancellationToken);
        }
        else
        {
            await scope.ServiceProvider.GetRequiredService<KeepBot>().RunAsync(key, new BotFailure(bot, Reason), cancellationToken);
        }
    }

    [LoggerMessage(2203, LogLevel.Error, "The operation {OperationId} is open without a flow that runs ({Flow}); it is brought to its end.")]
    private static partial void LogLost(ILogger logger, string operationId, string flow);
}
