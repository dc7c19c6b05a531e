using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Wallets;

/// <summary>Records transfers that the platform did not make: what came in, and what a copy of the seed made elsewhere.</summary>
public sealed class RecordTransfer(IUnitOfWork unit, IIdGenerator ids, TimeProvider time)
{
    // Each record costs the batch a document and an event; anyone can pay a wallet any number of tokens at once.
    private const int RecordsPerBatch = 5;

    /// <summary>One record for each token that moved: the first go into the batch, the others are written ahead of it.</summary>
    /// <remarks>A record's id follows from the chain's transaction, so writing ahead again after a crash writes and tells nothing.</remarks>
    internal async Task RunAsync(TenantId tenant, Wallet wallet, AddressTransaction seen, Batch batch, CancellationToken cancellationToken)
    {
        var types = seen.Created.Concat(seen.Spent).Select(static coin => coin.TokenType).Distinct(StringComparer.Ordinal);
        var records = types.Select(type => Of(wallet, seen, type)).OfType<Transaction>().ToList();
        foreach (var ahead in records.Skip(RecordsPerBatch))
        {
            var one = new Batch();
            TransactionBatch.Put(one, ahead, Precondition.Absent, action: null);
            await unit.CommitAsync(tenant, one, cancellationToken);
        }

        foreach (var record in records.Take(RecordsPerBatch))
        {
            TransactionBatch.Put(batch, record, Precondition.None, action: null);
        }
    }

    private Transaction? Of(Wallet wallet, AddressTransaction seen, string type)
    {
        var own = wallet.Keys.UnshieldedAddress;
        var gained = Amount.Sum(seen.Created.Where(coin => coin.TokenType == type).Select(static coin => coin.Value));
        var lost = Amount.Sum(seen.Spent.Where(coin => coin.TokenType == type).Select(static coin => coin.Value));
        if (gained == lost)
        {
            return null;
        }

        var incoming = gained > lost;
        var counterparty = incoming
            ? seen.Transaction.Inputs.Select(static input => input.Owner).FirstOrDefault(owner => owner != own)
            : seen.Transaction.Outputs.Where(output => output.Coin.TokenType == type).Select(static output => output.Owner).FirstOrDefault(owner => owner != own);
        var record = new Transaction
        {
            Id = ids.Derive(IdPrefix.Transaction, seen.Transaction.BlockTime, wallet.BotId, seen.Transaction.Hash, type),
            BotId = wallet.BotId,
            Direction = incoming ? TransactionDirection.In : TransactionDirection.Out,
            Status = TransactionStatus.Confirmed,
            Identifiers = seen.Transaction.Identifiers,
            From = incoming ? counterparty : own,
            To = incoming ? own : counterparty,
            Amount = incoming ? gained - lost : lost - gained,
            TokenType = type,
            History = [new TransactionMoment(TransactionStatus.Confirmed, time.GetUtcNow())],
            CreatedAt = seen.Transaction.BlockTime,
        };
        return record.In(seen.Transaction);
    }
}
