using MidnightOS.Core.Flows;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Orchestrations.Transactions;

/// <summary>Carries a transfer through: (confirmation, approval) → choose coins, build and sign → prove → submit → monitor → its end.</summary>
/// <remarks>The record decides, events only say that it is worth a look: an event that is lost or comes twice costs time and nothing else.</remarks>
public sealed class TransactionFlow : IFlow<TransactionRef, TransactionStatus>
{
    private static readonly TimeSpan FirstCoinLook = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestCoinLook = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<TransactionStatus> RunAsync(IFlowContext context, TransactionRef input)
    {
        var status = await DecisionAsync(context, input);
        while (!TransactionTransitions.IsFinal(status))
        {
            context.SetCustomStatus(status.ToString());
            status = status switch
            {
                TransactionStatus.Requested or TransactionStatus.Building => await BuiltAsync(context, input),
                TransactionStatus.Proving => await SubmittedAsync(context, input),
                TransactionStatus.Submitted => await SettledAsync(context, input),
                _ => throw new InvalidOperationException($"A transaction that was decided on is {status}."),
            };
        }

        return status;
    }

    private static async Task<TransactionStatus> DecisionAsync(IFlowContext context, TransactionRef input)
    {
        while (true)
        {
            var standing = await FlowRetries.InsistAsync(context, TransactionFlowNames.Inspect, input);
            if (standing.Status is not (TransactionStatus.AwaitingConfirmation or TransactionStatus.AwaitingApproval))
            {
                return standing.Status;
            }

            context.SetCustomStatus(standing.Status.ToString());
            var left = (standing.DecideBy ?? context.Now) - context.Now;
            var decision = left > TimeSpan.Zero
                ? await context.WaitForEventAsync<TransactionStatus>(TransactionFlowNames.Changed, left)
                : new FlowEvent<TransactionStatus>(TimedOut: true, default);
            if (decision.TimedOut)
            {
                var what = standing.Status is TransactionStatus.AwaitingConfirmation ? "confirmed" : "approved";
                var end = await GiveUpAsync(context, new GiveUpInput(input, TransactionAction.Expire, $"It was not {what} in time.", standing.Status));
                if (TransactionTransitions.IsFinal(end))
                {
                    return end;
                }
            }
        }
    }

    private static async Task<TransactionStatus> BuiltAsync(IFlowContext context, TransactionRef input)
    {
        var waitingSince = context.Now;
        var look = FirstCoinLook;
        var woken = false;
        while (true)
        {
            BuildOutcome outcome;
            try
            {
                outcome = await context.CallAsync(TransactionFlowNames.Build, new BuildInput(input, woken), FlowRetries.Patient);
            }
            catch (StepFailedException)
            {
                return await GiveUpAsync(context, new GiveUpInput(input, TransactionAction.Fail, "It could not be built: the network or the ledger did not answer. Nothing was paid."));
            }

            if (outcome.Bound)
            {
                return await SubmitAsync(context, input);
            }

            if (!outcome.WaitsForCoin)
            {
                return outcome.Status;
            }

            if (context.Now - waitingSince > TransactionWaits.Coin)
            {
                return await GiveUpAsync(context, new GiveUpInput(input, TransactionAction.Expire, "No coin of the wallet became free in time. Nothing was paid."));
            }

            // Each look is an entry of the journal, so the looks without word from the queue grow rare.
            var word = await context.WaitForEventAsync<int>(TransactionFlowNames.CoinFree, look);
            woken = !word.TimedOut;
            look = word.TimedOut && look * 2 < LongestCoinLook ? look * 2 : look;
        }
    }

    private static async Task<TransactionStatus> SubmittedAsync(IFlowContext context, TransactionRef input)
    {
        try
        {
            var proved = await context.CallAsync(TransactionFlowNames.Prove, input, FlowRetries.Patient);
            if (proved.Status is not TransactionStatus.Proving)
            {
                return proved.Status;
            }
        }
        catch (StepFailedException)
        {
            return await GiveUpAsync(context, new GiveUpInput(input, TransactionAction.Fail, "Its proofs could not be made. Nothing was paid."));
        }

        return await SubmitAsync(context, input);
    }

    internal static async Task<TransactionStatus> SubmitAsync(IFlowContext context, TransactionRef input)
    {
        try
        {
            return (await context.CallAsync(TransactionFlowNames.Submit, input, RetryPolicy.Default)).Status;
        }
        catch (StepFailedException)
        {
            // The bytes may be with the network all the same, so they are looked for, and submitted again, until their time has passed.
            return (await FlowRetries.InsistAsync(context, TransactionFlowNames.Inspect, input)).Status;
        }
    }

    internal static async Task<TransactionStatus> SettledAsync(IFlowContext context, TransactionRef input)
    {
        var look = FirstLook;
        while (true)
        {
            var settled = await context.WaitForEventAsync<TransactionStatus>(TransactionFlowNames.Changed, look);
            look = look * 2 < LongestLook ? look * 2 : LongestLook;

            // Money may have moved: an outage of the indexer, however long, does not end the watch.
            var check = await FlowRetries.InsistAsync(context, TransactionFlowNames.Check, input);
            if (check.Status is not TransactionStatus.Submitted)
            {
                return check.Status;
            }

            if (settled.TimedOut && check.Resubmit && await SubmitAsync(context, input) is var status and not TransactionStatus.Submitted)
            {
                return status;
            }
        }
    }

    internal static async Task<TransactionStatus> GiveUpAsync(IFlowContext context, GiveUpInput input) =>
        (await FlowRetries.InsistAsync(context, TransactionFlowNames.GiveUp, input)).Status;
}

/// <summary>Times that decide in the flow itself; a change of one is a new version of the flow.</summary>
internal static class TransactionWaits
{
    /// <summary>How long a reserved transfer waits for a free coin.</summary>
    public static readonly TimeSpan Coin = TimeSpan.FromHours(24);
}
