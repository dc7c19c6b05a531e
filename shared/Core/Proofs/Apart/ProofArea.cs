using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>What of the stores belongs to proofs alone: an app that makes proofs needs a right on nothing else (docs/adr/0020).</summary>
public static class ProofArea
{
    /// <summary>The outbox of jobs. What it says is not done but carried over (<see cref="ForwardProofNews"/>).</summary>
    internal static OutboxPlace Outbox { get; } = new("proofOutbox", "proof-outbox");

    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        ProofJob.Kind, ProofBacklog.Key.Kind, ProofUsage.Kind, ProofTimes.Kind, OneTimeKeys.ResultKeys.Kind, ApiKeyUses.Kind, Outbox.Kind,
    };

    private static readonly HashSet<string> Queues = new(StringComparer.Ordinal) { ProofDocuments.WorkQueue, ProofDocuments.EraseQueue, Outbox.Queue };

    /// <summary>Whether documents of a kind are in the area.</summary>
    public static bool HasDocuments(string kind) => Kinds.Contains(kind);

    /// <summary>Whether the due markers of a queue are in the area.</summary>
    public static bool HasMarkers(string queue) => Queues.Contains(queue);

    /// <summary>Whether claims of a kind say who may ask for proofs: the area's apps read them.</summary>
    public static bool ReadsClaims(string kind) => kind == ApiKey.Kind;
}
