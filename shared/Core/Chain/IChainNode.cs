namespace MidnightOS.Core.Chain;

/// <summary>Submits transactions through a node. A node that is out of reach is <see cref="ChainUnavailableException"/>.</summary>
public interface IChainNode
{
    /// <summary>Submits a bound transaction. The same bytes may be submitted again: the ledger's replay protection makes that harmless.</summary>
    Task<Submission> SubmitAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken);
}

/// <summary>What the node said to a transaction.</summary>
/// <param name="Outcome">Accepted, known already, or refused.</param>
/// <param name="Reason">Why it was refused, in the node's words; null otherwise.</param>
public sealed record Submission(SubmissionOutcome Outcome, string? Reason);

/// <summary>The kinds of answer to a submitted transaction.</summary>
public enum SubmissionOutcome
{
    /// <summary>In the node's pool.</summary>
    Accepted,

    /// <summary>In the pool already, or in a block: look it up by its identifiers.</summary>
    AlreadyKnown,

    /// <summary>The pool is full or the node is not ready; try the same bytes again later.</summary>
    Busy,

    /// <summary>The node will not take these bytes. They may still be in a block from an earlier submission: look it up first.</summary>
    Refused,
}
