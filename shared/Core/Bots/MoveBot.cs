using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Bots;

/// <summary>Moves a bot along its state machine: start, stop, pause, resume, and the moves of its flows.</summary>
public sealed class MoveBot(IDocumentStore store, IUnitOfWork unit, TimeProvider time)
{
    /// <summary>Applies an action.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="botId">The bot.</param>
    /// <param name="action">What happens.</param>
    /// <param name="reason">Why, as a sentence that the bot then shows; null for none.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The bot after; or <c>NOT_FOUND</c>, <c>INVALID_STATE</c>.</returns>
    public async Task<Result<Stored<Bot>>> RunAsync(
        TenantId tenant, string botId, BotAction action, string? reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.FindBotAsync(tenant, botId, cancellationToken);
            if (stored is null)
            {
                return Error.NotFound("bot");
            }

            if (BotTransitions.Next(stored.Value.Status, action) is not { } next)
            {
                return BotErrors.NotNow(stored.Value.Status);
            }

            var moved = stored.Value with { Status = next, StatusReason = reason, UpdatedAt = time.GetUtcNow() };
            var result = await unit.CommitAsync(tenant, new Batch().Put(moved, Precondition.Match(stored.ETag)), cancellationToken);
            if (result.Committed)
            {
                return new Stored<Bot>(moved, result.ETags[0]!);
            }
        }
    }
}
