using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Money;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Telemetry;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Bots;

/// <summary>First stage of a deletion: starts a transfer of as much as one transfer can move; the flow asks again until the wallet is empty.</summary>
public sealed class SweepBot(
    IDocumentStore store, IUnitOfWork unit, SyncWallet sync, TrackOperation track, IWalletCustody custody, OpenWork openWork,
    IAddressCodec addresses, NetworkProfile network, IIdGenerator ids, TimeProvider time)
    : IStep<BotDeletion, SweepOutcome>
{
    private static readonly SweepOutcome Empty = new(null, null);

    /// <inheritdoc/>
    public async Task<SweepOutcome> RunAsync(StepKey key, BotDeletion input, CancellationToken cancellationToken)
    {
        var (tenant, botId, operationId) = input.Bot;
        await track.BeginAsync(tenant, operationId, BotFlowNames.Stages.SweepFunds, cancellationToken);
        await sync.RunAsync(tenant, botId, cancellationToken);
        var outcome = await StartAsync(key, input, cancellationToken);
        if (outcome == Empty)
        {
            var status = input.SweepTo is null ? StageStatus.Skipped : StageStatus.Succeeded;
            await track.EndAsync(tenant, operationId, BotFlowNames.Stages.SweepFunds, status, cancellationToken);
        }

        return outcome;
    }

    private async Task<SweepOutcome> StartAsync(StepKey key, BotDeletion input, CancellationToken cancellationToken)
    {
        var (tenant, botId, operationId) = input.Bot;
        var operation = (await store.ReadAsync<Operation>(tenant, Operation.Key(operationId), cancellationToken))!.Value;
        var id = ids.Derive(IdPrefix.Transaction, operation.CreatedAt, operationId, key.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        while (true)
        {
            // An earlier run of this very step started it; it may have ended since.
            if (await store.GetAsync(tenant, Transaction.Key(id), cancellationToken) is not null)
            {
                return new SweepOutcome(id, null);
            }

            var open = await store.QueryAsync(
                tenant, new DocumentQuery(Transaction.Kind, TransactionDocuments.Open, botId) { Limit = 1 }, cancellationToken);
            if (open.Documents.Count > 0)
            {
                return new SweepOutcome(open.Documents[0].Key.Id, null);
            }

            var book = await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(botId), cancellationToken);
            var type = book?.Value.Holdings.FirstOrDefault(static pair => !pair.Value.Total.IsZero).Key;
            if (book is null || type is null)
            {
                return Empty;
            }

            if (input.SweepTo is null)
            {
                // Paid in after the deletion was accepted.
                return new SweepOutcome(null, "The wallet was paid while the bot was being deleted; name in sweepTo where it shall go.");
            }

            if (network.CannotSendBecause is { } reason)
            {
                return new SweepOutcome(null, reason);
            }

            await CommitAsync(id, input, book, type, cancellationToken);
        }
    }

    private async Task CommitAsync(string id, BotDeletion input, Stored<WalletBook> book, string type, CancellationToken cancellationToken)
    {
        // The seed of a bot whose creation failed is retired already, but its address may have been paid.
        await custody.RestoreAsync(Wallet.RefOf(input.Bot.Tenant, input.Bot.BotId), cancellationToken);
        await openWork.MarkAsync(input.Bot.Tenant, cancellationToken);
        var (tenant, botId, operationId) = input.Bot;
        var query = new DocumentQuery(WalletCoin.Kind, WalletCoin.All, WalletCoin.IndexValue(botId, type)) { Descending = true, Limit = CoinSelection.MaxInputs };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        var amount = Amount.Sum(page.Documents.Select(static document => document.As<WalletCoin>().Value.Coin.Value));
        var wallet = (await store.ReadAsync<Wallet>(tenant, Wallet.Key(botId), cancellationToken))!.Value;
        var to = addresses.ParseUnshielded(input.SweepTo, network.Id).Value;
        var now = time.GetUtcNow();
        var transaction = new Transaction
        {
            Id = id,
            BotId = botId,
            Direction = TransactionDirection.Out,
            Status = TransactionStatus.Requested,
            From = wallet.Keys.UnshieldedAddress,
            To = to.Text,
            Amount = amount,
            TokenType = type,
            Note = "Sweep before deletion",
            History = [new TransactionMoment(TransactionStatus.Requested, now)],
            CreatedAt = now,
            Work = new TransferWork { RequestedBy = input.RequestedBy, ToHex = to.Hex, Reserved = true, SweepFlow = operationId, TraceParent = TraceParent.Current },
        };
        var reserved = Reservation.Reserve(book.Value, transaction, transaction.Work);
        var batch = new Batch().Put(WalletBook.Key(botId), reserved, Precondition.Match(book.ETag), []);
        TransactionBatch.Put(batch, transaction, Precondition.Absent, action: null);
        batch.StartFlow(TransactionFlowNames.Flow, id, new TransactionRef(tenant, botId, id));
        await unit.CommitAsync(tenant, batch, cancellationToken);
    }
}
