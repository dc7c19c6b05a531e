using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Telemetry;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Contracts;

/// <summary>A contract call that a user asks a bot for. Who asks has run the contract's code and knows the transcript.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="BotId">The bot that calls.</param>
/// <param name="UserId">The user who asks.</param>
/// <param name="Call">The contract and the entry point.</param>
/// <param name="Payload">Transcript and keys.</param>
/// <param name="Note">The user's own note, at most 500 characters.</param>
public sealed record CallRequest(TenantId Tenant, string BotId, string UserId, ContractCall Call, CallPayload Payload, string? Note = null)
{
    /// <summary>The id that the request gives its transaction, so that a repeated request finds it; null = a new one.</summary>
    public string? TransactionId { get; init; }
}

/// <summary>Checks a contract call, seals its keys and transcript away, and starts the flow that carries it through.</summary>
public sealed class CallContract(
    IDocumentStore store, CheckCall check, CallPayloads payloads, EraseCalls erase, IUnitOfWork unit, OpenWork openWork, IIdGenerator ids, TimeProvider time)
{
    /// <summary>The transaction as accepted; or <c>NOT_FOUND</c> of the bot or the contract, <c>INVALID_STATE</c>, <c>WALLET_NOT_READY</c>, <c>INVALID_REQUEST</c>,
    /// <c>POLICY_DENIED</c>, <c>UPSTREAM_UNAVAILABLE</c>.</summary>
    public async Task<Result<Transaction>> RunAsync(CallRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = request.TransactionId ?? ids.New(IdPrefix.Transaction);
        while (true)
        {
            if (request.TransactionId is not null
                && await store.ReadAsync<Transaction>(request.Tenant, Transaction.Key(id), cancellationToken) is { } known)
            {
                return known.Value;
            }

            var bot = await check.RunAsync(request, cancellationToken);
            if (!bot.IsSuccess)
            {
                return bot.Error;
            }

            var transaction = Accept(id, request);
            if (await CommitAsync(request, transaction, bot.Value, cancellationToken))
            {
                TransactionTelemetry.Requested(transaction);
                return transaction;
            }
        }
    }

    private Transaction Accept(string id, CallRequest request)
    {
        var now = time.GetUtcNow();
        return new Transaction
        {
            Id = id,
            BotId = request.BotId,
            Type = TransactionType.ContractCall,
            Direction = TransactionDirection.Out,
            Status = TransactionStatus.Requested,
            Amount = Amount.Zero,
            TokenType = Token.Night.Type,
            Contract = request.Call,
            Note = request.Note,
            History = [new TransactionMoment(TransactionStatus.Requested, now)],
            CreatedAt = now,
            Work = new TransferWork { RequestedBy = request.UserId, ToHex = "", TraceParent = TraceParent.Current },
        };
    }

    private async Task<bool> CommitAsync(CallRequest request, Transaction transaction, Stored<Bot> bot, CancellationToken cancellationToken)
    {
        await openWork.MarkAsync(request.Tenant, cancellationToken);

        // Whatever happens from here on, the payload is erased once no transaction needs it.
        await erase.MarkAsync(request.Tenant, transaction.Id, cancellationToken);
        await payloads.PutAsync(request.Tenant, transaction.Id, request.Payload, cancellationToken);
        var batch = new Batch().Check(Bot.Key(transaction.BotId), Precondition.Match(bot.ETag));
        TransactionBatch.Put(batch, transaction, Precondition.Absent, action: null);
        batch.StartFlow(ContractCallFlowNames.Flow, transaction.Id, new TransactionRef(request.Tenant, transaction.BotId, transaction.Id));
        return (await unit.CommitAsync(request.Tenant, batch, cancellationToken)).Committed;
    }
}
