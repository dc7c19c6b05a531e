using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Money;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Bots;

/// <summary>A bot to delete.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="UserId">The user who asks.</param>
/// <param name="BotId">The bot.</param>
/// <param name="IfMatch">The version that the wish is of; null = any.</param>
/// <param name="SweepTo">Where its funds go first, Bech32m; required when it has any.</param>
public sealed record DeleteBotRequest(TenantId Tenant, string UserId, string BotId, string? IfMatch, string? SweepTo);

/// <summary>Accepts a bot's deletion and starts the flow that empties the wallet and removes the bot.</summary>
public sealed class DeleteBot(IDocumentStore store, IUnitOfWork unit, IAddressCodec addresses, NetworkProfile network, OpenWork openWork, IIdGenerator ids,
    TimeProvider time)
{
    /// <summary>The bot as it is being deleted; or <c>NOT_FOUND</c>, <c>PRECONDITION_FAILED</c>, <c>INVALID_STATE</c> (funds without a place to go, transfers under way),
    /// <c>INVALID_ADDRESS</c>, <c>UPSTREAM_UNAVAILABLE</c>.</summary>
    public async Task<Result<BotOperation>> RunAsync(DeleteBotRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        while (true)
        {
            var bot = await store.FindBotAsync(request.Tenant, request.BotId, cancellationToken);
            if (bot is null)
            {
                return Error.NotFound("bot");
            }

            var book = await store.ReadAsync<WalletBook>(request.Tenant, WalletBook.Key(request.BotId), cancellationToken);
            if ((Refusal(request, bot, book?.Value) ?? await UnderWayAsync(request, cancellationToken)) is { } refused)
            {
                return refused;
            }

            var accepted = Accept(request, bot.Value);
            if (await CommitAsync(request, bot, book, accepted, cancellationToken))
            {
                return accepted;
            }
        }
    }

    private Error? Refusal(DeleteBotRequest request, Stored<Bot> bot, WalletBook? book)
    {
        if (request.IfMatch is not null && request.IfMatch != bot.ETag)
        {
            return BotErrors.Changed;
        }

        if (BotTransitions.Next(bot.Value.Status, BotAction.Delete) is null)
        {
            return BotErrors.NotNow(bot.Value.Status);
        }

        if (request.SweepTo is not null && addresses.ParseUnshielded(request.SweepTo, network.Id) is var to)
        {
            if (!to.IsSuccess)
            {
                return to.Error;
            }

            if (to.Value.Text == bot.Value.WalletAddress)
            {
                return Error.Invalid("sweepTo", "sweepTo is the address of the bot that is to be deleted.");
            }
        }

        var held = book?.Holdings.Where(static pair => !pair.Value.Total.IsZero)
            .Select(static pair => (Token: Token.OfType(pair.Key), pair.Value.Total)).ToList() ?? [];
        if (held.Count == 0)
        {
            return null;
        }

        return request.SweepTo is null
            ? new Error(ErrorCodes.InvalidState, $"The wallet holds {string.Join(", ", held.Select(static h => $"{h.Token.Format(h.Total)} {h.Token.Symbol}"))}; name in sweepTo where it shall go.")
            : network.CannotSendBecause is { } reason ? new Error(ErrorCodes.UpstreamUnavailable, reason) : null;
    }

    private async Task<Error?> UnderWayAsync(DeleteBotRequest request, CancellationToken cancellationToken)
    {
        var open = new DocumentQuery(Transaction.Kind, TransactionDocuments.Open, request.BotId) { Limit = 1 };
        var page = await store.QueryAsync(request.Tenant, open, cancellationToken);
        return page.Documents.Count == 0 ? null
            : new Error(ErrorCodes.InvalidState, $"The transaction {page.Documents[0].Key.Id} is under way; wait for it or cancel it first.");
    }

    private BotOperation Accept(DeleteBotRequest request, Bot bot)
    {
        var now = time.GetUtcNow();
        var operation = new Operation
        {
            Id = ids.New(IdPrefix.Operation),
            Type = BotFlowNames.Delete.Name,
            BotId = request.BotId,
            Status = OperationStatus.Running,
            Stages = [.. BotFlowNames.DeleteStages.Select(static stage => new OperationStage(stage))],
            CreatedAt = now,
        };
        var next = BotTransitions.Next(bot.Status, BotAction.Delete)!.Value;
        return new BotOperation(bot with { Status = next, StatusReason = null, OperationId = operation.Id, UpdatedAt = now }, operation);
    }

    private async Task<bool> CommitAsync(
        DeleteBotRequest request, Stored<Bot> bot, Stored<WalletBook>? book, BotOperation accepted, CancellationToken cancellationToken)
    {
        var reference = new BotRef(request.Tenant, request.BotId, accepted.Operation.Id);
        var batch = new Batch()
            .Put(accepted.Bot, Precondition.Match(bot.ETag))
            .Put(Operation.Key(accepted.Operation.Id), accepted.Operation, Precondition.Absent, OperationDocuments.Indexes(accepted.Operation))
            .StartFlow(BotFlowNames.Delete, accepted.Operation.Id, new BotDeletion(reference, request.SweepTo, request.UserId));

        // A transfer that was accepted meanwhile has changed the book: look again.
        batch.Check(WalletBook.Key(request.BotId), book is null ? Precondition.Absent : Precondition.Match(book.ETag));
        await openWork.MarkAsync(request.Tenant, cancellationToken);
        return (await unit.CommitAsync(request.Tenant, batch, cancellationToken)).Committed;
    }
}
