using MidnightOS.Core.Flows;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Contracts;

/// <summary>Which contract a transaction calls, and where.</summary>
/// <param name="Address">The contract's address, 32 bytes in lower hex.</param>
/// <param name="EntryPoint">The entry point's name.</param>
public sealed record ContractCall(string Address, string EntryPoint);

/// <summary>A proof that a call waits for.</summary>
/// <param name="Digest">What the ledger calls it.</param>
/// <param name="JobId">The proof job.</param>
public sealed record CallProof(string Digest, string JobId);

/// <summary>The stable names of the flow of contract calls and of the steps of its own; the others are the transaction's.</summary>
public static class ContractCallFlowNames
{
    /// <summary>The flow that carries a call through; its id is the transaction's.</summary>
    public static readonly FlowName<TransactionRef, TransactionStatus> Flow = new("contract-call");

    /// <summary>Builds the call on the contract's state.</summary>
    public static readonly StepName<TransactionRef, TransactionStanding> Build = new("contract-call.build");

    /// <summary>Has the proofs made, and binds once they are there.</summary>
    public static readonly StepName<TransactionRef, CallProofOutcome> Prove = new("contract-call.prove");

    /// <summary>Takes back what is still being proved and erases keys and transcript.</summary>
    public static readonly StepName<TransactionRef, TransactionStatus> End = new("contract-call.end");
}

/// <summary>What became of a look at the proofs.</summary>
/// <param name="Status">The transaction's state after.</param>
/// <param name="Waits">Whether a proof is not there yet.</param>
public sealed record CallProofOutcome(TransactionStatus Status, bool Waits = false);
