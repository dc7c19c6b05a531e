using Microsoft.Extensions.Options;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Bots;

/// <summary>Takes back what a failed creation made, leaves the bot <c>failed</c> with its reason, and ends the operation.</summary>
/// <remarks>A seed that was made already is kept sealed like that of a deleted bot: its address may have been seen.</remarks>
public sealed class UndoBotCreation(
    IDocumentStore store, AgentRegistry registry, IWalletCustody custody, MoveBot move, TrackOperation track, TimeProvider time, IOptions<BotOptions> options)
    : IStep<BotFailure, StageOutcome>
{
    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StepKey key, BotFailure input, CancellationToken cancellationToken)
    {
        var (tenant, botId, operationId) = input.Bot;
        var failed = await move.RunAsync(tenant, botId, BotAction.Fail, input.Reason, cancellationToken);
        if (!failed.IsSuccess && await store.FindBotAsync(tenant, botId, cancellationToken) is { Value: { Status: not BotStatus.Failed } bot })
        {
            // It was activated, only word of that was lost. It may be used, and paid, by now: its seed stays.
            await track.SucceedAsync(tenant, operationId, AnnounceBot.ResultOf(bot), cancellationToken);
            return StageOutcome.Ok;
        }

        await custody.RetireAsync(Wallet.RefOf(tenant, botId), time.GetUtcNow() + options.Value.KeepSeedFor, cancellationToken);
        await registry.ReleaseAsync(tenant, botId, cancellationToken);
        await track.FailAsync(tenant, operationId, input.Reason, cancellationToken);
        return StageOutcome.Ok;
    }
}
