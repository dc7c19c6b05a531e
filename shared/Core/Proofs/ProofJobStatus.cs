namespace MidnightOS.Core.Proofs;

/// <summary>The states of a proof job.</summary>
public enum ProofJobStatus
{
    /// <summary>Accepted; waits for its turn.</summary>
    Queued,

    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>The proof is there to be read.</summary>
    Succeeded,

    /// <summary>There will be no proof; the job says why.</summary>
    Failed,

    /// <summary>Its owner took it back.</summary>
    Cancelled,
}

/// <summary>What happens to a job.</summary>
public enum ProofJobAction
{
    /// <summary>A host takes it up.</summary>
    Start,

    /// <summary>Its host gave it back, or is gone.</summary>
    Return,

    /// <summary>The proof was made.</summary>
    Succeed,

    /// <summary>It cannot be proved.</summary>
    Fail,

    /// <summary>Its owner takes it back.</summary>
    Cancel,
}

/// <summary>The one table of what may follow what.</summary>
public static class ProofJobTransitions
{
    private static readonly Dictionary<(ProofJobStatus, ProofJobAction), ProofJobStatus> Table = new()
    {
        [(ProofJobStatus.Queued, ProofJobAction.Start)] = ProofJobStatus.Running,
        [(ProofJobStatus.Queued, ProofJobAction.Fail)] = ProofJobStatus.Failed,
        [(ProofJobStatus.Queued, ProofJobAction.Cancel)] = ProofJobStatus.Cancelled,
        [(ProofJobStatus.Running, ProofJobAction.Return)] = ProofJobStatus.Queued,
        [(ProofJobStatus.Running, ProofJobAction.Succeed)] = ProofJobStatus.Succeeded,
        [(ProofJobStatus.Running, ProofJobAction.Fail)] = ProofJobStatus.Failed,
        [(ProofJobStatus.Running, ProofJobAction.Cancel)] = ProofJobStatus.Cancelled,
    };

    /// <summary>The state after an action; null when the state does not allow it.</summary>
    public static ProofJobStatus? Next(ProofJobStatus status, ProofJobAction action) => Table.TryGetValue((status, action), out var next) ? next : null;

    /// <summary>Whether nothing follows any more.</summary>
    public static bool IsFinal(ProofJobStatus status) => status is ProofJobStatus.Succeeded or ProofJobStatus.Failed or ProofJobStatus.Cancelled;
}
