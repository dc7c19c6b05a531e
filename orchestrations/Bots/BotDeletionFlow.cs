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
            var sweep = await SweepAsync(context, input);
            if (sweep.Error is not null)
            {
                return await KeepAsync(context, input, sweep.Error);
            }

            if (sweep.TransactionId is null)
            {
                return await FlowRetries.InsistAsync(context, BotFlowNames.Remove, input.Bot);
            }

            var reference = new TransactionRef(input.Bot.Tenant, input.Bot.BotId, sweep.TransactionId);
            var status = await EndOfAsync(context, reference);
            if (status is not TransactionStatus.Confirmed)
            {
                return await KeepAsync(context, input, $"The transfer {sweep.TransactionId} that empties the wallet is {status.ToString().ToLowerInvariant()}.");
            }
        }
    }

    private static async Task<SweepOutcome> SweepAsync(IFlowContext context, BotDeletion input)
    {
        try
        {
            return await context.CallAsync(BotFlowNames.Sweep, input, FlowRetries.Persistent);
        }
        catch (StepFailedException)
        {
            return new SweepOutcome(null, "The wallet could not be emptied: the network did not answer for a day. Try again later.");
        }
    }

    private static async Task<TransactionStatus> EndOfAsync(IFlowContext context, TransactionRef reference)
    {
        while (true)
        {
            var standing = await FlowRetries.InsistAsync(context, TransactionFlowNames.Inspect, reference);
            if (TransactionTransitions.IsFinal(standing.Status))
            {
                return standing.Status;
            }

            await context.WaitForEventAsync<TransactionStatus>(TransactionFlowNames.Changed, LookAgainAfter);
        }
    }

    private static async Task<StageOutcome> KeepAsync(IFlowContext context, BotDeletion input, string reason)
    {
        await FlowRetries.InsistAsync(context, BotFlowNames.KeepBot, new BotFailure(input.Bot, reason));
        return new StageOutcome(reason);
    }
}
