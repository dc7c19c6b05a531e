using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Proofs;

/// <summary>A proof that was accepted and will end, with a proof or with a stated reason, whatever dies meanwhile.</summary>
public sealed record ProofJob
{
    internal const string Kind = "proofJob";

    /// <summary><c>prf_…</c>, derived from the tenant and the content: the same content asked twice is the same job.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the request, lower hex.</summary>
    public required string ContentHash { get; init; }

    /// <summary>What names its bytes: another name each time that it is asked for anew, so that whoever erases the old ones cannot meet the new ones.</summary>
    public string Payload { get; init; } = "";

    /// <summary>Its state.</summary>
    public required ProofJobStatus Status { get; init; }

    /// <summary>Who goes first within a tenant.</summary>
    public ProofPriority Priority { get; init; }

    /// <summary>The circuit has 2^K rows; null until it is known.</summary>
    public int? K { get; init; }

    /// <summary>Bytes of the request.</summary>
    public required long RequestBytes { get; init; }

    /// <summary>How often it was begun since it was last asked for anew.</summary>
    public int Attempts { get; init; }

    /// <summary>Who proves it; null when nobody does.</summary>
    public string? Holder { get; init; }

    /// <summary>Until when the holder has it, unless it says that it still does.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The flows that wait for its end.</summary>
    public IReadOnlyList<string> Flows { get; init; } = [];

    /// <summary>Why there is no proof; null unless it failed.</summary>
    public ProofFailure? Failure { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was begun last.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>From then on neither it nor its result is there; null while it has not ended.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where a job is stored.</summary>
    public static DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>Who goes first within a tenant.</summary>
public enum ProofPriority
{
    /// <summary>Whatever a client asks for.</summary>
    Normal,

    /// <summary>A transaction of the platform waits for it.</summary>
    Transaction,
}
