namespace MidnightOS.Midnight.Chain;

/// <summary>Which Midnight network this host talks to and where its indexer and node are; section <c>Midnight</c>.</summary>
public sealed class MidnightNetworkOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Midnight";

    /// <summary><c>devnet</c>, <c>preview</c>, <c>preprod</c> or <c>mainnet</c>.</summary>
    public string Network { get; set; } = "devnet";

    /// <summary>The indexer's GraphQL address over HTTP; a bare origin gets the official path <c>/api/v4/graphql</c>. Empty = the network's default.</summary>
    public string? Indexer { get; set; }

    /// <summary>The indexer's GraphQL address over WebSocket. Empty = <see cref="Indexer"/> with <c>/ws</c> behind it.</summary>
    public string? IndexerWebSocket { get; set; }

    /// <summary>The node's JSON-RPC address over HTTP. Empty = the network's default.</summary>
    public string? Node { get; set; }

    /// <summary>From which age of the newest block on the indexer of a live network does not count as ready.</summary>
    public TimeSpan MaxTipAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How calls are repeated and given up.</summary>
    public ChainResilienceOptions Resilience { get; set; } = new();
}

/// <summary>How calls to the indexer and the node are repeated and given up; section <c>Midnight:Resilience</c>.</summary>
public sealed class ChainResilienceOptions
{
    /// <summary>The longest that one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest that a call may take with all its repetitions.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How often a failed call is repeated; 0 = never.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>The first pause before a repetition; it doubles each time, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause before a repetition or a reconnection.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The share of failed attempts (above 0, up to 1) from which the circuit opens.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many attempts within <see cref="SamplingDuration"/> it takes to judge; at least 2.</summary>
    public int MinimumThroughput { get; set; } = 8;

    /// <summary>The window in which attempts are counted.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls before one is let through to try.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a WebSocket may be silent before it is asked for a sign of life; after as long again it is given up.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The largest answer or WebSocket message that is read, in bytes.</summary>
    public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a socket waits for room in a full buffer, everybody on it with it, before the slow reader's subscription is ended and resumed later.</summary>
    public TimeSpan SlowReaderPatience { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many messages of one subscription wait for a slow reader; at least 2, since a resumed block subscription repeats one.</summary>
    public int SubscriptionBuffer { get; set; } = 256;

    /// <summary>How many subscriptions share one WebSocket; the official indexer allows 20 (<c>quota.max_concurrent_per_connection</c>).</summary>
    public int SubscriptionsPerSocket { get; set; } = 16;
}
