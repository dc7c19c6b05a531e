using MidnightOS.Core.Flows;

namespace MidnightOS.Core.Transactions;

/// <summary>The stable names of the transaction flow, its steps and its events.</summary>
public static class TransactionFlowNames
{
    /// <summary>The flow that carries a transfer through; its id is the transaction's.</summary>
    public static readonly FlowName<TransactionRef, TransactionStatus> Flow = new("transaction");

    /// <summary>Reads where the transaction stands.</summary>
    public static readonly StepName<TransactionRef, TransactionStanding> Inspect = new("transaction.inspect");

    /// <summary>Chooses coins, builds and signs.</summary>
    public static readonly StepName<BuildInput, BuildOutcome> Build = new("transaction.build");

    /// <summary>Makes proofs and binds.</summary>
    public static readonly StepName<TransactionRef, TransactionStanding> Prove = new("transaction.prove");

    /// <summary>Gives the bytes to a node.</summary>
    public static readonly StepName<TransactionRef, TransactionStanding> Submit = new("transaction.submit");

    /// <summary>Looks for the transaction on the chain.</summary>
    public static readonly StepName<TransactionRef, CheckOutcome> Check = new("transaction.check");

    /// <summary>Ends a transaction whose time passed or whose carrying failed.</summary>
    public static readonly StepName<GiveUpInput, TransactionStanding> GiveUp = new("transaction.give-up");

    /// <summary>The event that says: look at the record again (confirmed, approved, cancelled, settled).</summary>
    public const string Changed = "changed";

    /// <summary>The event that says: a coin may be free.</summary>
    public const string CoinFree = "coin-free";
}

/// <summary>Where a transaction stands.</summary>
/// <param name="Status">Its state.</param>
/// <param name="DecideBy">Until when a confirmation or approval is awaited.</param>
public sealed record TransactionStanding(TransactionStatus Status, DateTimeOffset? DecideBy = null)
{
    internal static TransactionStanding Of(Transaction transaction) => new(transaction.Status, transaction.Work?.DecideBy);
}
