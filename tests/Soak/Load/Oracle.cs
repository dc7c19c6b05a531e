using System.Collections.Concurrent;

namespace MidnightOS.Tests.Soak.Load;

/// <summary>How a payment was asked for.</summary>
internal enum PaymentKind
{
    Send,
    Chat,
    Faucet,
}

/// <summary>A payment that a client asked for. Its amount is its own in the whole run, so that the ledger says how often it was paid.</summary>
internal sealed class Payment
{
    public required PaymentKind Kind { get; init; }

    public required TenantSession Owner { get; init; }

    /// <summary>The bot that pays; null for the faucet.</summary>
    public required BotEntry? From { get; init; }

    public required string To { get; init; }

    public required long Atomic { get; init; }

    /// <summary>The request, to be sent again.</summary>
    public (string Path, object Body, string Key) Request { get; set; }

    /// <summary>The first final answer; null while there is none.</summary>
    public Answer? Answer { get; set; }

    /// <summary>The transactions that the answer names: what was accepted.</summary>
    public IReadOnlyList<string> Transactions { get; set; } = [];

    public string Amount => $"{Atomic / 1_000_000}.{Atomic % 1_000_000:d6}";

    public override string ToString() => $"{Kind} of {Amount} to {To} (key {Request.Key}, {string.Join(' ', Transactions)})";
}

/// <summary>A bot whose creation was asked for.</summary>
internal sealed class BotEntry
{
    public required TenantSession Owner { get; init; }

    /// <summary>Its name, its own in the whole run: two bots of one name are one request carried out twice.</summary>
    public required string Name { get; init; }

    public required (string Path, object Body, string Key) Request { get; init; }

    public Answer? Answer { get; set; }

    public string Id { get; set; } = "";

    public string OperationId { get; set; } = "";

    public string Address { get; set; } = "";

    /// <summary>Where its funds went; null for a bot that was not deleted.</summary>
    public string? SweptTo { get; set; }

    /// <summary>Its deletion was accepted under this id.</summary>
    public string? DeletionId { get; set; }

    /// <summary>Its deletion ended well.</summary>
    public bool Deleted { get; set; }

    public override string ToString() => $"bot {Name} ({Id})";
}

/// <summary>What the clients know: what they asked for, and what they were told. It is all that the checks compare with.</summary>
internal sealed class Oracle
{
    private long _sequence;

    public ConcurrentQueue<Payment> Payments { get; } = new();

    public ConcurrentQueue<BotEntry> Bots { get; } = new();

    public ConcurrentQueue<TenantSession> Tenants { get; } = new();

    /// <summary>An amount that no other payment of the run has.</summary>
    public long UniqueAmount(long about) => about + Interlocked.Increment(ref _sequence);

    /// <summary>The bots that live as long as the run and may be paid.</summary>
    public ConcurrentDictionary<string, BotEntry> Residents { get; } = new(StringComparer.Ordinal);
}
