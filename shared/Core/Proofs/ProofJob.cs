using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Proofs;

/// <summary>A proof that was accepted and will end, with a proof or with a stated reason, whatever dies meanwhile.</summary>
public sealed record ProofJob
{
    internal const string Kind = "proofJob";

    /// <summary><c>prf_…</c>, derived from the tenant and the content: the same content asked twice is the same job.</summary>
    public required string Id { get; init; }

    /// <summary>Its state.</summary>
    public required ProofJobStatus Status { get; init; }

    /// <summary>Who goes first within a tenant.</summary>
    public ProofPriority Priority { get; init; }

    /// <summary>The circuit has 2^K rows; null until it is known.</summary>
    public int? K { get; init; }

    /// <summary>Bytes of the request.</summary>
    public required long RequestBytes { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Until when whoever proves it holds it; null when nobody does.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Who proves it; null when nobody does.</summary>
    public string? Holder { get; init; }

    /// <summary>The flow that waits for its end; null for none.</summary>
    public string? FlowId { get; init; }

    /// <summary>Why there is no proof; null unless it failed.</summary>
    public ProofFailure? Failure { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was begun last.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>From then on neither it nor its result is there.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

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
