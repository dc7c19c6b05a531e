using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>Gives a transfer its coins. A coin is held by one transfer at a time: the lock is in the coin's document, under its ETag.</summary>
public sealed class ChooseCoins(IDocumentStore store, IUnitOfWork unit, WalletLocks locks, TimeProvider time)
{
    /// <summary>The coins that the transfer holds now; null when none are free yet, or when it is not to be built any more.</summary>
    /// <param name="reference">The transfer.</param>
    /// <param name="woken">Whether it was told that a coin is free; if it cannot use it, the next who waits is told.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<Coin>?> RunAsync(TransactionRef reference, bool woken, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var held = await locks.EnterAsync(reference.Tenant, reference.BotId, cancellationToken);
        while (true)
        {
            var stored = await store.ReadAsync<Transaction>(reference.Tenant, Transaction.Key(reference.TransactionId), cancellationToken);
            if (stored?.Value.Status is not (TransactionStatus.Requested or TransactionStatus.Building))
            {
                return null;
            }

            if (await HeldAsync(reference.Tenant, stored.Value, cancellationToken) is { } coins)
            {
                return coins;
            }

            if (stored.Value.Work!.Coins.Count > 0)
            {
                await LetGoAsync(reference.Tenant, stored, cancellationToken);
                continue;
            }

            var candidates = await CandidatesAsync(reference.Tenant, stored.Value, cancellationToken);
            var choice = CoinSelection.Choose([.. candidates.Select(static candidate => candidate.Value.Coin)], stored.Value.Amount);
            var batch = choice.Outcome is CoinChoiceOutcome.Chosen
                ? await LockAsync(reference.Tenant, stored, choice, candidates, cancellationToken)
                : await WaitAsync(reference.Tenant, stored, woken ? candidates.Count : 0, cancellationToken);
            if (batch is null || (await unit.CommitAsync(reference.Tenant, batch, cancellationToken)).Committed)
            {
                return choice.Outcome is CoinChoiceOutcome.Chosen ? choice.Coins : null;
            }
        }
    }

    // Coins that an earlier run of the step, or an earlier attempt, took; void when one of them was spent by a copy of the wallet elsewhere.
    private async Task<IReadOnlyList<Coin>?> HeldAsync(TenantId tenant, Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.Work!.Coins.Count == 0)
        {
            return null;
        }

        List<Coin> coins = [];
        foreach (var id in transaction.Work.Coins)
        {
            var coin = await store.ReadAsync<WalletCoin>(tenant, WalletCoin.Key(transaction.BotId, id), cancellationToken);
            if (coin?.Value.LockedBy == transaction.Id)
            {
                coins.Add(coin.Value.Coin);
            }
        }

        return coins.Count == transaction.Work.Coins.Count ? coins : null;
    }

    // What is left of coins that do not do any more is free before others are chosen, so that no coin is held without a holder who knows of it.
    private async Task LetGoAsync(TenantId tenant, Stored<Transaction> stored, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        await CoinQueue.FreeAsync(store, tenant, stored.Value, batch, cancellationToken);
        var bare = stored.Value with { Work = stored.Value.Work! with { Coins = [] } };
        batch.Put(Transaction.Key(bare.Id), bare, Precondition.Match(stored.ETag), TransactionDocuments.Indexes(bare));
        await unit.CommitAsync(tenant, batch, cancellationToken);
    }

    private async Task<List<Stored<WalletCoin>>> CandidatesAsync(TenantId tenant, Transaction transaction, CancellationToken cancellationToken)
    {
        var free = new DocumentQuery(WalletCoin.Kind, WalletCoin.Free, WalletCoin.IndexValue(transaction.BotId, transaction.TokenType));
        var below = WalletCoin.Sort(new Amount(transaction.Amount.Atomic - 1));
        var covering = await store.QueryAsync(tenant, free with { After = below, Limit = 1 }, cancellationToken);
        if (covering.Documents.Count > 0)
        {
            return [covering.Documents[0].As<WalletCoin>()];
        }

        var largest = await store.QueryAsync(tenant, free with { Descending = true, Limit = CoinSelection.MaxInputs }, cancellationToken);
        return [.. largest.Documents.Select(static document => document.As<WalletCoin>())];
    }

    private async Task<Batch> LockAsync(
        TenantId tenant, Stored<Transaction> stored, CoinChoice choice, List<Stored<WalletCoin>> candidates, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        if (stored.Value.Work!.WaitsForCoin && await IsMoreFreeAsync(tenant, stored.Value, choice, cancellationToken))
        {
            // Coins that come back together all send their word to the oldest who waits, before it has had a look: who takes one tells the next.
            await CoinQueue.WakeAsync(store, tenant, stored.Value.BotId, stored.Value.Id, coins: 1, batch, cancellationToken);
        }

        foreach (var coin in choice.Coins)
        {
            var candidate = candidates.Find(other => other.Value.Coin.Id == coin.Id)!;
            var locked = candidate.Value with { LockedBy = stored.Value.Id };
            batch.Put(WalletCoin.Key(stored.Value.BotId, coin.Id), locked, Precondition.Match(candidate.ETag), locked.Indexes());
        }

        var transaction = stored.Value with
        {
            Work = stored.Value.Work! with { Coins = [.. choice.Coins.Select(static coin => coin.Id)], WaitsForCoin = false },
        };
        if (transaction.Status is TransactionStatus.Requested)
        {
            var next = TransactionTransitions.Next(transaction.Status, TransactionAction.Build)!.Value;
            transaction = transaction with
            {
                Status = next,
                History = [.. transaction.History, new TransactionMoment(next, time.GetUtcNow())],
            };
        }

        TransactionBatch.Put(batch, transaction, Precondition.Match(stored.ETag), TransactionAction.Build);
        return batch;
    }

    private async Task<bool> IsMoreFreeAsync(TenantId tenant, Transaction transaction, CoinChoice choice, CancellationToken cancellationToken)
    {
        var free = new DocumentQuery(WalletCoin.Kind, WalletCoin.Free, WalletCoin.IndexValue(transaction.BotId, transaction.TokenType)) { Limit = choice.Coins.Count + 1 };
        return (await store.QueryAsync(tenant, free, cancellationToken)).Documents.Count > choice.Coins.Count;
    }

    private async Task<Batch?> WaitAsync(TenantId tenant, Stored<Transaction> stored, int passOn, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        if (passOn > 0)
        {
            // The free coins are too small for this one but may do for the next in the queue. Only word of a coin is passed on: were every look to
            // wake the next, many who wait would keep each other awake.
            await CoinQueue.WakeNextAsync(store, tenant, stored.Value, passOn, batch, cancellationToken);
        }

        if (stored.Value.Work!.WaitsForCoin)
        {
            return batch.Records.Count == 0 ? null : batch;
        }

        var waiting = stored.Value with { Work = stored.Value.Work with { WaitsForCoin = true } };
        return batch.Put(Transaction.Key(waiting.Id), waiting, Precondition.Match(stored.ETag), TransactionDocuments.Indexes(waiting));
    }
}
