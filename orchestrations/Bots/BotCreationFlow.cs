using MidnightOS.Core.Bots;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Bots;

/// <summary>Creates a bot: save the configuration, register the agent, make the wallet, activate, announce. Any failure takes back what was made.</summary>
public sealed class BotCreationFlow : IFlow<BotRef, StageOutcome>
{
    private static readonly StepName<BotRef, StageOutcome>[] Steps =
        [BotFlowNames.SaveConfig, BotFlowNames.RegisterAgent, BotFlowNames.CreateWallet, BotFlowNames.Activate, BotFlowNames.Announce];

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(IFlowContext context, BotRef input)
    {
        foreach (var step in Steps)
        {
            context.SetCustomStatus(step.Name);
            if (await FailureAsync(context, step, input) is { } reason)
            {
                // A failed undo would leave a bot that is neither made nor failed, so it is tried for as long as it takes.
                await FlowRetries.InsistAsync(context, BotFlowNames.Undo, new BotFailure(input, reason));
                return new StageOutcome(reason);
            }
        }

        return StageOutcome.Ok;
    }

    private static async Task<string?> FailureAsync(IFlowContext context, StepName<BotRef, StageOutcome> step, BotRef input)
    {
        try
        {
            return (await context.CallAsync(step, input, RetryPolicy.Default)).Error;
        }
        catch (StepFailedException)
        {
            // The exception's own words are for the log; the engine writes them there.
            return "Something that this needs did not answer in time. Nothing was left behind; try again later.";
        }
    }
}
