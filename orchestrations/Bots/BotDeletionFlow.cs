using MidnightOS.Core.Bots;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Orchestrations.Bots;

/// <summary>Deletes a bot: sweeps its wallet, transfer by transfer, then retires the seed and removes the bot. A sweep that fails gives the bot back, stopped.</summary>
public sealed class BotDeletionFlow : IFlow<BotDeletion, StageOutcome>
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(IFlowContext context, BotDeletion input)
    {
        while (true)
        {
            var sweep = await context.CallAsync(BotFlowNames.Sweep, input, FlowRetries.Persistent);
            if (sweep.Error is not null)
            {
                return await KeepAsync(context, input, sweep.Error);
            }

            if (sweep.TransactionId is null)
            {
                return await context.CallAsync(BotFlowNames.Remove, input.Bot, FlowRetries.Persistent);
            }

            var reference = new TransactionRef(input.Bot.Tenant, input.Bot.BotId, sweep.TransactionId);
            var status = await EndOfAsync(context, reference);
            if (status is not TransactionStatus.Confirmed)
            {
                return await KeepAsync(context, input, $"The transfer {sweep.TransactionId} that empties the wallet is {status.ToString().ToLowerInvariant()}.");
            }
        }
    }

    private static async Task<TransactionStatus> EndOfAsync(IFlowContext context, TransactionRef reference)
    {
        while (true)
        {
            var standing = await context.CallAsync(TransactionFlowNames.Inspect, reference, FlowRetries.Persistent);
            if (TransactionTransitions.IsFinal(standing.Status))
            {
                return standing.Status;
            }

            await context.WaitForEventAsync<TransactionStatus>(TransactionFlowNames.Changed, LookAgainAfter);
        }
    }

    private static async Task<StageOutcome> KeepAsync(IFlowContext context, BotDeletion input, string reason)
    {
        await context.CallAsync(BotFlowNames.KeepBot, new BotFailure(input.Bot, reason), FlowRetries.Persistent);
        return new StageOutcome(reason);
    }
}
