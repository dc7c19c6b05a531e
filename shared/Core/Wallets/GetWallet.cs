using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Wallets;

/// <summary>Reads a bot's wallet as the contract shows it.</summary>
public sealed class GetWallet(IDocumentStore store, ChainTip tip, ChainCursor cursor)
{
    // A follower that is this close behind the newest block has everything that users could have seen.
    private const long Close = 3;

    /// <summary>The wallet; <c>NOT_FOUND</c> without the bot, <c>WALLET_NOT_READY</c> without the wallet.</summary>
    public async Task<Result<WalletView>> RunAsync(TenantId tenant, string botId, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(tenant, Bot.Key(botId), cancellationToken) is null)
        {
            return Error.NotFound("bot");
        }

        var wallet = await store.ReadAsync<Wallet>(tenant, Wallet.Key(botId), cancellationToken);
        var book = await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(botId), cancellationToken);
        if (wallet is null || book is null)
        {
            return new Error(ErrorCodes.WalletNotReady, "The bot's wallet is not ready yet.");
        }

        var keys = wallet.Value.Keys;
        return new WalletView(
            new WalletAddresses(keys.UnshieldedAddress, keys.ShieldedAddress, keys.DustAddress),
            Balances(book.Value), wallet.Value.Network.Name, await SyncAsync(cancellationToken));
    }

    private static List<WalletBalance> Balances(WalletBook book) =>
        [.. book.Holdings.Keys.Append(Token.Night.Type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(type =>
        {
            var token = Token.OfType(type);
            var holding = book.Of(type);
            var reserved = holding.Total - holding.Available;
            return new WalletBalance(
                token.Symbol, token.Format(holding.Total), token.Format(holding.Available), token.Format(reserved), holding.Total.ToString());
        })];

    private async Task<WalletSync> SyncAsync(CancellationToken cancellationToken)
    {
        var height = await cursor.HeightAsync(cancellationToken);
        var newest = await tip.HeightAsync(cancellationToken);
        if (newest is null)
        {
            // How much is missing is unknown; a full book is claimed only of a tip that was seen.
            var known = tip.LastKnown;
            return new WalletSync(WalletSyncState.Unavailable, height, Math.Max(height, known), known == 0 ? 0 : Percentage(height, known));
        }

        return new WalletSync(newest - height <= Close ? WalletSyncState.Synced : WalletSyncState.Syncing, height, newest.Value, Percentage(height, newest.Value));
    }

    private static int Percentage(long height, long tip) => tip == 0 ? 100 : (int)Math.Min(100, height * 100 / tip);
}

/// <summary>A wallet as the contract shows it.</summary>
/// <param name="Addresses">Its addresses, Bech32m.</param>
/// <param name="Balances">What it holds; NIGHT always.</param>
/// <param name="Network">The network id.</param>
/// <param name="Sync">How far the book follows the chain.</param>
public sealed record WalletView(WalletAddresses Addresses, IReadOnlyList<WalletBalance> Balances, string Network, WalletSync Sync);

/// <summary>The addresses of a wallet, Bech32m.</summary>
/// <param name="Unshielded">For NIGHT and other unshielded tokens.</param>
/// <param name="Shielded">For shielded tokens.</param>
/// <param name="Dust">For DUST.</param>
public sealed record WalletAddresses(string Unshielded, string Shielded, string Dust);

/// <summary>What a wallet holds of a token, in token units as decimal strings.</summary>
/// <param name="Token">The token's symbol, or its raw type when the platform does not know it.</param>
/// <param name="Total">All of it.</param>
/// <param name="Available">What a new transfer may spend.</param>
/// <param name="Reserved">What transfers under way hold.</param>
/// <param name="Atomic">The total in atomic units, an integer as a string.</param>
public sealed record WalletBalance(string Token, string Total, string Available, string Reserved, string Atomic);

/// <summary>How far the book follows the chain.</summary>
/// <param name="State">Whether it is up to date.</param>
/// <param name="Height">The block that was followed to.</param>
/// <param name="Tip">The newest block; the newest one known while the indexer does not answer.</param>
/// <param name="Percentage">Height of tip, 0 to 100; 0 while no tip is known.</param>
public sealed record WalletSync(WalletSyncState State, long Height, long Tip, int Percentage);

/// <summary>Whether the book is up to date.</summary>
public enum WalletSyncState
{
    /// <summary>Up to the newest block.</summary>
    Synced,

    /// <summary>Catching up.</summary>
    Syncing,

    /// <summary>The indexer does not answer; the balances are those of the height shown.</summary>
    Unavailable,
}
