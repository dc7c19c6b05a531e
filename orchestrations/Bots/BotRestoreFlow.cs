using MidnightOS.Core.Bots;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Bots;

/// <summary>Brings a deleted bot back, for an operator who has no other way to what may restore a seed: the azure edition's.</summary>
public sealed class BotRestoreFlow : IFlow<BotRestoration, StageOutcome>
{
    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(IFlowContext context, BotRestoration input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CallAsync(BotFlowNames.RestoreDeleted, input, FlowRetries.Patient);
    }
}
