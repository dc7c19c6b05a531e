using System.Runtime.CompilerServices;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Concurrency;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Wallets;

/// <summary>Brings a wallet's book up to the chain: every transaction of its address that the indexer knows is in the book when this returns.</summary>
public sealed class SyncWallet(IDocumentStore store, IChainIndexer indexer, ApplyChainTransaction apply)
{
    private readonly KeyedLock _locks = new();

    /// <summary>Reads on from the last transaction in the book. A bot without a wallet has nothing to read.</summary>
    public async Task RunAsync(TenantId tenant, string botId, CancellationToken cancellationToken)
    {
        var wallet = await store.ReadAsync<Wallet>(tenant, Wallet.Key(botId), cancellationToken);
        if (wallet is null)
        {
            return;
        }

        // One reader a wallet in this process: a second would read the same again.
        using var held = await _locks.EnterAsync($"{tenant}|{botId}", cancellationToken);
        var book = await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(botId), cancellationToken);
        if (book is null)
        {
            return;
        }

        var events = indexer.WatchAddressAsync(wallet.Value.Keys.UnshieldedAddress, book.Value.LastTransactionId, cancellationToken);
        await foreach (var seen in events.WithCancellation(cancellationToken))
        {
            if (seen is AddressTransaction transaction)
            {
                await apply.RunAsync(tenant, wallet.Value, transaction, cancellationToken);
            }
            else if (seen is AddressProgress)
            {
                return;
            }
        }
    }
}
