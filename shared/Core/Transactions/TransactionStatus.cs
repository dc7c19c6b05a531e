namespace MidnightOS.Core.Transactions;

/// <summary>The states of a transaction.</summary>
public enum TransactionStatus
{
    /// <summary>Accepted; its amount is reserved.</summary>
    Requested,

    /// <summary>Waits for the user's confirmation.</summary>
    AwaitingConfirmation,

    /// <summary>Waits for the approval of the treasury's signers.</summary>
    AwaitingApproval,

    /// <summary>Its coins are chosen, it is built and signed.</summary>
    Building,

    /// <summary>Its proofs are made, it is bound.</summary>
    Proving,

    /// <summary>It may be with the network: from here on it cannot be taken back.</summary>
    Submitted,

    /// <summary>In a block, with effect.</summary>
    Confirmed,

    /// <summary>It had no effect and will have none.</summary>
    Failed,

    /// <summary>Its time passed.</summary>
    Expired,

    /// <summary>The signers, or the bot's state, refused it.</summary>
    Rejected,

    /// <summary>Its user took it back.</summary>
    Cancelled,
}

/// <summary>What can happen to a transaction.</summary>
public enum TransactionAction
{
    /// <summary>The user confirms.</summary>
    Confirm,

    /// <summary>The policy asks for approval.</summary>
    AskApproval,

    /// <summary>The signers approve.</summary>
    Approve,

    /// <summary>The signers, or the bot's state, refuse.</summary>
    Reject,

    /// <summary>The user takes it back.</summary>
    Cancel,

    /// <summary>Its time passed.</summary>
    Expire,

    /// <summary>Coins are chosen.</summary>
    Build,

    /// <summary>It is signed.</summary>
    Prove,

    /// <summary>It is about to be given to the network.</summary>
    Submit,

    /// <summary>The time to live of the bytes passed without a block; it is built anew.</summary>
    Rebuild,

    /// <summary>A block has it, with effect.</summary>
    Settle,

    /// <summary>It had no effect and will have none.</summary>
    Fail,
}

/// <summary>The transaction's state machine: state × action → state. What is not in the table is <c>INVALID_STATE</c>.</summary>
public static class TransactionTransitions
{
    private static readonly Dictionary<(TransactionStatus, TransactionAction), TransactionStatus> Table = new()
    {
        [(TransactionStatus.AwaitingConfirmation, TransactionAction.Confirm)] = TransactionStatus.Requested,
        [(TransactionStatus.AwaitingConfirmation, TransactionAction.Cancel)] = TransactionStatus.Cancelled,
        [(TransactionStatus.AwaitingConfirmation, TransactionAction.Expire)] = TransactionStatus.Expired,
        [(TransactionStatus.AwaitingConfirmation, TransactionAction.Reject)] = TransactionStatus.Rejected,

        [(TransactionStatus.Requested, TransactionAction.AskApproval)] = TransactionStatus.AwaitingApproval,
        [(TransactionStatus.Requested, TransactionAction.Build)] = TransactionStatus.Building,
        [(TransactionStatus.Requested, TransactionAction.Cancel)] = TransactionStatus.Cancelled,
        [(TransactionStatus.Requested, TransactionAction.Reject)] = TransactionStatus.Rejected,
        [(TransactionStatus.Requested, TransactionAction.Expire)] = TransactionStatus.Expired,
        [(TransactionStatus.Requested, TransactionAction.Fail)] = TransactionStatus.Failed,

        [(TransactionStatus.AwaitingApproval, TransactionAction.Approve)] = TransactionStatus.Requested,
        [(TransactionStatus.AwaitingApproval, TransactionAction.Reject)] = TransactionStatus.Rejected,
        [(TransactionStatus.AwaitingApproval, TransactionAction.Cancel)] = TransactionStatus.Cancelled,
        [(TransactionStatus.AwaitingApproval, TransactionAction.Expire)] = TransactionStatus.Expired,

        [(TransactionStatus.Building, TransactionAction.Prove)] = TransactionStatus.Proving,
        [(TransactionStatus.Building, TransactionAction.Cancel)] = TransactionStatus.Cancelled,
        [(TransactionStatus.Building, TransactionAction.Reject)] = TransactionStatus.Rejected,
        [(TransactionStatus.Building, TransactionAction.Expire)] = TransactionStatus.Expired,
        [(TransactionStatus.Building, TransactionAction.Fail)] = TransactionStatus.Failed,

        [(TransactionStatus.Proving, TransactionAction.Submit)] = TransactionStatus.Submitted,
        [(TransactionStatus.Proving, TransactionAction.Rebuild)] = TransactionStatus.Building,
        [(TransactionStatus.Proving, TransactionAction.Cancel)] = TransactionStatus.Cancelled,
        [(TransactionStatus.Proving, TransactionAction.Reject)] = TransactionStatus.Rejected,
        [(TransactionStatus.Proving, TransactionAction.Expire)] = TransactionStatus.Expired,
        [(TransactionStatus.Proving, TransactionAction.Fail)] = TransactionStatus.Failed,

        [(TransactionStatus.Submitted, TransactionAction.Settle)] = TransactionStatus.Confirmed,
        [(TransactionStatus.Submitted, TransactionAction.Rebuild)] = TransactionStatus.Building,
        [(TransactionStatus.Submitted, TransactionAction.Expire)] = TransactionStatus.Expired,
        [(TransactionStatus.Submitted, TransactionAction.Fail)] = TransactionStatus.Failed,

        // The chain has the last word over what was given up here, and over an attempt that was thought lost.
        [(TransactionStatus.Building, TransactionAction.Settle)] = TransactionStatus.Confirmed,
        [(TransactionStatus.Proving, TransactionAction.Settle)] = TransactionStatus.Confirmed,
        [(TransactionStatus.Failed, TransactionAction.Settle)] = TransactionStatus.Confirmed,
        [(TransactionStatus.Expired, TransactionAction.Settle)] = TransactionStatus.Confirmed,
        [(TransactionStatus.Rejected, TransactionAction.Settle)] = TransactionStatus.Confirmed,
        [(TransactionStatus.Cancelled, TransactionAction.Settle)] = TransactionStatus.Confirmed,
    };

    /// <summary>The state after an action; null when the state does not allow it.</summary>
    public static TransactionStatus? Next(TransactionStatus status, TransactionAction action) =>
        Table.TryGetValue((status, action), out var next) ? next : null;

    /// <summary>Whether a transaction in this state is over and holds no reservation.</summary>
    public static bool IsFinal(TransactionStatus status) =>
        status is TransactionStatus.Confirmed or TransactionStatus.Failed or TransactionStatus.Expired
            or TransactionStatus.Rejected or TransactionStatus.Cancelled;
}
