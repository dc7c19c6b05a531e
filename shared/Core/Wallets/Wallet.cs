using System.Globalization;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;

namespace MidnightOS.Core.Wallets;

/// <summary>The public side of a bot's wallet. Its sealed seed is with Custody.</summary>
/// <param name="BotId">The bot; also the wallet's id.</param>
/// <param name="Network">The network of its addresses.</param>
/// <param name="Keys">Its addresses and public key.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Wallet(string BotId, NetworkId Network, WalletKeys Keys, DateTimeOffset CreatedAt)
{
    internal const string Kind = "wallet";

    /// <summary>The directory's kind of claim that leads from an unshielded address to the wallet.</summary>
    internal const string AddressClaim = "address";

    /// <summary>The directory's queue of wallets to bring up to date without word of a block.</summary>
    internal const string SyncQueue = "wallet-sync";

    /// <summary>Where a wallet is stored.</summary>
    public static DocumentKey Key(string botId) => new(Kind, botId);

    internal static WalletRef RefOf(TenantId tenant, string botId) => new(tenant, botId, botId);
}

/// <summary>The wallet's account book. Every change of money goes through it, under its ETag.</summary>
public sealed record WalletBook
{
    internal const string Kind = "book";

    /// <summary>The bot.</summary>
    public required string BotId { get; init; }

    /// <summary>What is held of each token, by its raw type.</summary>
    public IReadOnlyDictionary<string, Holding> Holdings { get; init; } = new Dictionary<string, Holding>(StringComparer.Ordinal);

    /// <summary>The indexer's id of the last transaction that is in the book.</summary>
    public long LastTransactionId { get; init; }

    /// <summary>The day (UTC) that <see cref="SpentOnDay"/> is about.</summary>
    public DateOnly Day { get; init; }

    /// <summary>NIGHT spent or reserved on that day, atomic units.</summary>
    public Amount SpentOnDay { get; init; }

    /// <summary>When the book last learnt from the chain.</summary>
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>Where a book is stored.</summary>
    public static DocumentKey Key(string botId) => new(Kind, botId);

    /// <summary>What is held of a token.</summary>
    public Holding Of(string tokenType) => Holdings.TryGetValue(tokenType, out var holding) ? holding : new Holding(Amount.Zero, Amount.Zero, 0);

    /// <summary>The book with another holding of a token. What is not held any more leaves the book: anyone can pay a wallet any token.</summary>
    internal WalletBook With(string tokenType, Holding holding)
    {
        var holdings = new Dictionary<string, Holding>(Holdings, StringComparer.Ordinal);
        if (holding.IsEmpty)
        {
            holdings.Remove(tokenType);
        }
        else
        {
            holdings[tokenType] = holding;
        }

        return this with { Holdings = holdings };
    }

    /// <summary>NIGHT that was spent or reserved on a day.</summary>
    internal Amount SpentOn(DateOnly day) => Day == day ? SpentOnDay : Amount.Zero;

    /// <summary>The day (UTC) that a spend now counts on. A host whose clock is a little behind at midnight does not open the day before again.</summary>
    internal DateOnly DayAt(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return Day == today.AddDays(1) ? Day : today;
    }
}

/// <summary>What a wallet holds of a token, in atomic units.</summary>
/// <param name="Total">The sum of its unspent coins.</param>
/// <param name="Reserved">The sum of the transfers under way.</param>
/// <param name="Coins">How many unspent coins there are.</param>
public sealed record Holding(Amount Total, Amount Reserved, int Coins)
{
    /// <summary>What a new transfer may spend.</summary>
    public Amount Available => Total > Reserved ? Total - Reserved : Amount.Zero;

    /// <summary>Whether there is nothing of it.</summary>
    internal bool IsEmpty => Total.IsZero && Reserved.IsZero && Coins == 0;
}

/// <summary>An unspent coin of a wallet.</summary>
/// <param name="BotId">The wallet's bot.</param>
/// <param name="Coin">The coin.</param>
/// <param name="LockedBy">The transaction that will spend it; null when it is free.</param>
internal sealed record WalletCoin(string BotId, Coin Coin, string? LockedBy)
{
    public const string Kind = "coin";
    public const string Free = "free";
    public const string All = "all";

    public static DocumentKey Key(string botId, string coinId) => new(Kind, $"{botId}.{coinId}");

    public static string IndexValue(string botId, string tokenType) => $"{botId}|{tokenType}";

    /// <summary>Sorts amounts as text: u128 has 39 digits at most.</summary>
    public static string Sort(Amount value) => value.ToString().PadLeft(39, '0');

    public IReadOnlyList<IndexEntry> Indexes()
    {
        var all = new IndexEntry(All, IndexValue(BotId, Coin.TokenType), Sort(Coin.Value));
        return LockedBy is null ? [all, all with { Name = Free }] : [all];
    }
}
