using MidnightOS.Core.Contracts;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;

namespace MidnightOS.Core.Transactions;

/// <summary>A transfer out of a bot's wallet or into it, or a contract call of a bot.</summary>
public sealed record Transaction
{
    internal const string Kind = "transaction";

    /// <summary><c>txn_…</c>; also the id of the flow that carries it through.</summary>
    public required string Id { get; init; }

    /// <summary>The bot whose wallet it is about.</summary>
    public required string BotId { get; init; }

    /// <summary>What it does.</summary>
    public TransactionType Type { get; init; }

    /// <summary>Out of the wallet or into it.</summary>
    public required TransactionDirection Direction { get; init; }

    /// <summary>Its state.</summary>
    public required TransactionStatus Status { get; init; }

    /// <summary>The chain's hash, hex; null until it is bound.</summary>
    public string? Hash { get; init; }

    /// <summary>The identifiers by which an indexer finds it, hex.</summary>
    public IReadOnlyList<string> Identifiers { get; init; } = [];

    /// <summary>Who pays, Bech32m; null when the chain made the coins (a reward or the faucet).</summary>
    public string? From { get; init; }

    /// <summary>Who is paid, Bech32m.</summary>
    public string? To { get; init; }

    /// <summary>What it calls; null for a transfer.</summary>
    public ContractCall? Contract { get; init; }

    /// <summary>Atomic units; none for a contract call.</summary>
    public required Amount Amount { get; init; }

    /// <summary>The ledger's raw token type, 64 lower hex digits.</summary>
    public required string TokenType { get; init; }

    /// <summary>What was paid to the network, in SPECK (10⁻¹⁵ DUST); null until it is in a block.</summary>
    public Amount? Fee { get; init; }

    /// <summary>The block that has it.</summary>
    public TransactionBlock? Block { get; init; }

    /// <summary>Why it failed, expired, or was refused, as a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>The user's own note; never sent to the chain.</summary>
    public string? Note { get; init; }

    /// <summary>Its states in order.</summary>
    public required IReadOnlyList<TransactionMoment> History { get; init; }

    /// <summary>When it was requested, or seen for a transfer in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the block that has it.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>What the platform needs to carry it through; null for a transfer that it did not make.</summary>
    public TransferWork? Work { get; init; }

    /// <summary>Finds a tenant's transfers that have not ended.</summary>
    public static DocumentQuery NotEnded { get; } = new(Kind, TransactionDocuments.AllOpen, TransactionDocuments.AllOpen) { Limit = 100 };

    /// <summary>Where a transaction is stored.</summary>
    public static DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>What a transaction does.</summary>
public enum TransactionType
{
    /// <summary>It moves coins.</summary>
    Transfer,

    /// <summary>It calls a contract and moves no coins.</summary>
    ContractCall,
}

/// <summary>Out of the wallet or into it.</summary>
public enum TransactionDirection
{
    /// <summary>The wallet pays.</summary>
    Out,

    /// <summary>The wallet is paid.</summary>
    In,
}

/// <summary>A block.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash, hex.</param>
public sealed record TransactionBlock(long Height, string Hash);

/// <summary>A state and since when.</summary>
/// <param name="Status">The state.</param>
/// <param name="At">Since when.</param>
public sealed record TransactionMoment(TransactionStatus Status, DateTimeOffset At);

/// <summary>What the platform needs to carry a transfer through.</summary>
public sealed record TransferWork
{
    /// <summary>The user who asked for it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The recipient's 32 address bytes, hex; empty for a contract call.</summary>
    public required string ToHex { get; init; }

    /// <summary>Whether the amount is reserved in the wallet's book; exactly one change sets it to false.</summary>
    public bool Reserved { get; init; }

    /// <summary>The day (UTC) whose spends it counts among; null when it counts among none.</summary>
    public DateOnly? CountedOn { get; init; }

    /// <summary>Whether the policy asks for approval once it is confirmed.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Until when a confirmation or an approval is awaited.</summary>
    public DateTimeOffset? DecideBy { get; init; }

    /// <summary>How often it was built.</summary>
    public int Attempt { get; init; }

    /// <summary>The chain's identifiers of earlier attempts: whichever of them the chain has is this transfer.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];

    /// <summary>The coins that it holds, by id.</summary>
    public IReadOnlyList<string> Coins { get; init; } = [];

    /// <summary>Whether it waits for a coin.</summary>
    public bool WaitsForCoin { get; init; }

    /// <summary>Until when (chain time) a block may take the signed bytes.</summary>
    public DateTimeOffset? Ttl { get; init; }

    /// <summary>Whether it must never be built anew: it was restored from a backup, and what was signed since is not known.</summary>
    public bool LastAttempt { get; init; }

    /// <summary>The proofs that a contract call waits for; empty until they were asked for.</summary>
    public IReadOnlyList<CallProof> Proofs { get; init; } = [];

    /// <summary>How often the bytes were given to a node.</summary>
    public int Submissions { get; init; }

    /// <summary>The deletion that empties the wallet by it; it may spend although the bot is being deleted.</summary>
    public string? SweepFlow { get; init; }

    /// <summary>The trace of the request that asked for it; null when there was none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What names a transaction for flows and steps.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="BotId">The bot.</param>
/// <param name="TransactionId">The transaction.</param>
public sealed record TransactionRef(TenantId Tenant, string BotId, string TransactionId);

/// <summary>How transactions are indexed.</summary>
internal static class TransactionDocuments
{
    public const string ByBot = "bot";
    public const string Open = "open";
    public const string AllOpen = "allOpen";
    public const string Waiting = "waiting";
    public const string ByIdentifier = "identifier";

    public static IReadOnlyList<IndexEntry> Indexes(Transaction transaction)
    {
        List<IndexEntry> indexes = [new(ByBot, transaction.BotId)];
        if (!TransactionTransitions.IsFinal(transaction.Status))
        {
            indexes.Add(new IndexEntry(Open, transaction.BotId));
            indexes.Add(new IndexEntry(AllOpen, AllOpen));
        }

        if (transaction.Work?.WaitsForCoin == true)
        {
            indexes.Add(new IndexEntry(Waiting, transaction.BotId));
        }

        // What the chain has confirmed is never looked for again.
        if (transaction is { Work: { } work, Status: not TransactionStatus.Confirmed })
        {
            indexes.AddRange(transaction.Identifiers.Concat(work.Earlier).Distinct(StringComparer.Ordinal).Select(static id => new IndexEntry(ByIdentifier, id)));
        }

        return indexes;
    }
}
