using Microsoft.Extensions.Options;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Telemetry;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>A transfer that a user, or an agent on a user's behalf, asks for.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="BotId">The bot that pays.</param>
/// <param name="UserId">The user who asks.</param>
/// <param name="To">The recipient as written.</param>
/// <param name="Amount">The amount as written, in token units.</param>
/// <param name="Token">The token's symbol; null = NIGHT.</param>
/// <param name="Note">The user's own note, at most 500 characters.</param>
public sealed record SendRequest(TenantId Tenant, string BotId, string UserId, string? To, string? Amount, string? Token = null, string? Note = null)
{
    /// <summary>Whether the user has said so in a way that needs no confirmation; the policy may still ask for one.</summary>
    public bool Confirmed { get; init; } = true;

    /// <summary>The id that the request gives its transaction, so that a repeated request finds it; null = a new one.</summary>
    public string? TransactionId { get; init; }
}

/// <summary>Checks a transfer, reserves its amount, and starts the flow that carries it through: all of it or nothing.</summary>
public sealed class SendFunds(
    IDocumentStore store, IUnitOfWork unit, CheckSend check, OpenWork openWork, WalletLocks locks, IIdGenerator ids, TimeProvider time,
    IOptions<TransactionOptions> options)
{
    /// <summary>The transaction as accepted; or <c>NOT_FOUND</c>, <c>INVALID_STATE</c>, <c>WALLET_NOT_READY</c>, <c>INVALID_REQUEST</c>, <c>INVALID_ADDRESS</c>,
    /// <c>POLICY_DENIED</c>, <c>INSUFFICIENT_FUNDS</c>, <c>UPSTREAM_UNAVAILABLE</c>.</summary>
    public async Task<Result<Transaction>> RunAsync(SendRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = request.TransactionId ?? ids.New(IdPrefix.Transaction);
        using var held = await locks.EnterAsync(request.Tenant, request.BotId, cancellationToken);
        while (true)
        {
            if (request.TransactionId is not null
                && await store.ReadAsync<Transaction>(request.Tenant, Transaction.Key(id), cancellationToken) is { } known)
            {
                return known.Value;
            }

            var checkedSend = await check.RunAsync(request, sweep: false, cancellationToken);
            if (!checkedSend.IsSuccess)
            {
                return checkedSend.Error;
            }

            var transaction = Accept(id, request, checkedSend.Value);
            if (await CommitAsync(request.Tenant, transaction, checkedSend.Value, cancellationToken))
            {
                TransactionTelemetry.Requested(transaction);
                return transaction;
            }
        }
    }

    private Transaction Accept(string id, SendRequest request, CheckedSend send)
    {
        var now = time.GetUtcNow();
        var waits = !request.Confirmed || send.Verdict.NeedsConfirmation;
        var status = waits ? TransactionStatus.AwaitingConfirmation
            : send.Verdict.NeedsApproval ? TransactionStatus.AwaitingApproval
            : TransactionStatus.Requested;
        List<TransactionMoment> history = [new(TransactionStatus.Requested, now)];
        if (status is not TransactionStatus.Requested)
        {
            history.Add(new TransactionMoment(status, now));
        }

        return new Transaction
        {
            Id = id,
            BotId = request.BotId,
            Direction = TransactionDirection.Out,
            Status = status,
            From = send.Wallet.Keys.UnshieldedAddress,
            To = send.To.Text,
            Amount = send.Amount,
            TokenType = send.Token.Type,
            Note = request.Note,
            History = history,
            CreatedAt = now,
            Work = new TransferWork
            {
                RequestedBy = request.UserId,
                ToHex = send.To.Hex,
                Reserved = true,
                CountedOn = send.Day,
                NeedsApproval = send.Verdict.NeedsApproval,
                TraceParent = TraceParent.Current,
                DecideBy = status switch
                {
                    TransactionStatus.AwaitingConfirmation => now + options.Value.ConfirmationWindow,
                    TransactionStatus.AwaitingApproval => now + options.Value.ApprovalWindow,
                    _ => null,
                },
            },
        };
    }

    private async Task<bool> CommitAsync(TenantId tenant, Transaction transaction, CheckedSend send, CancellationToken cancellationToken)
    {
        await openWork.MarkAsync(tenant, cancellationToken);
        var batch = new Batch().Put(WalletBook.Key(transaction.BotId), Reservation.Reserve(send.Book.Value, transaction, transaction.Work!), Precondition.Match(send.Book.ETag), []);

        // The bot must still be as it was judged: a pause or a new limit that comes first wins.
        batch.Check(Bot.Key(transaction.BotId), Precondition.Match(send.Bot.ETag));
        TransactionBatch.Put(batch, transaction, Precondition.Absent, action: null);
        batch.StartFlow(TransactionFlowNames.Flow, transaction.Id, new TransactionRef(tenant, transaction.BotId, transaction.Id));
        return (await unit.CommitAsync(tenant, batch, cancellationToken)).Committed;
    }
}
