using MidnightOS.Core.Flows;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Orchestrations.Wallets;

/// <summary>Seals a wallet's words for a request that waits. Its journal holds ids and how it ended, never the words.</summary>
public sealed class WalletExportFlow : IFlow<ExportRef, ExportOutcome>
{
    // Within the minute that the request waits.
    private static readonly RetryPolicy WhileSomebodyWaits = new(8, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public async Task<ExportOutcome> RunAsync(IFlowContext context, ExportRef input)
    {
        try
        {
            return await context.CallAsync(ExportFlowNames.Seal, input, WhileSomebodyWaits);
        }
        catch (StepFailedException)
        {
            return ExportOutcome.Abandoned;
        }
    }
}
