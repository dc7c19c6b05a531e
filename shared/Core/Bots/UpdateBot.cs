using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Bots;

/// <summary>A change of a bot's own fields.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="BotId">The bot.</param>
/// <param name="IfMatch">The version that the change is of; null = any.</param>
/// <param name="Change">From the bot as stored to the bot as wished; only name, description, model and configuration are taken from it.</param>
public sealed record UpdateBotRequest(TenantId Tenant, string BotId, string? IfMatch, Func<Bot, Bot> Change);

/// <summary>Changes a bot's name, description, model or configuration. A new limit holds from the next check on, also for transfers that are waiting.</summary>
public sealed class UpdateBot(IDocumentStore store, IUnitOfWork unit, CheckBotFields fields, TimeProvider time)
{
    /// <summary>The bot after; or <c>NOT_FOUND</c>, <c>PRECONDITION_FAILED</c>, <c>INVALID_STATE</c>, <c>INVALID_REQUEST</c>.</summary>
    public async Task<Result<Stored<Bot>>> RunAsync(UpdateBotRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        while (true)
        {
            var stored = await store.FindBotAsync(request.Tenant, request.BotId, cancellationToken);
            if (stored is null)
            {
                return Error.NotFound("bot");
            }

            if (Refusal(stored, request.IfMatch) is { } refused)
            {
                return refused;
            }

            var wished = request.Change(stored.Value);
            if (fields.Check(wished.Name, wished.Description, wished.Model, wished.Config) is { } error)
            {
                return error;
            }

            var changed = stored.Value with
            {
                Name = wished.Name.Trim(),
                Description = wished.Description,
                Model = wished.Model,
                Config = BotDefaults.Resolve(stored.Value.Type, wished.Config),
                UpdatedAt = time.GetUtcNow(),
            };
            var result = await unit.CommitAsync(request.Tenant, new Batch().Put(changed, Precondition.Match(stored.ETag)), cancellationToken);
            if (result.Committed)
            {
                return new Stored<Bot>(changed, result.ETags[0]!);
            }
        }
    }

    private static Error? Refusal(Stored<Bot> stored, string? ifMatch) =>
        ifMatch is not null && ifMatch != stored.ETag ? BotErrors.Changed
        : stored.Value.Status is BotStatus.Provisioning or BotStatus.Deleting ? BotErrors.NotNow(stored.Value.Status)
        : null;
}

/// <summary>Errors that several use cases of bots share.</summary>
internal static class BotErrors
{
    public static Error Changed { get; } = new(ErrorCodes.PreconditionFailed, "The bot has changed since it was read.");

    public static Error NotNow(BotStatus status) => new(ErrorCodes.InvalidState, $"The bot is {status.ToString().ToLowerInvariant()}; that is not possible now.");
}
