using MidnightOS.Core.Identity;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>What stands between whoever asks and what proves: a place in the line, in fairness between tenants.</summary>
internal interface IProofQueue
{
    /// <summary>How full it is now.</summary>
    QueueState State { get; }

    /// <summary>Whether the next of a tenant finds no place: it is full, and the tenant has its share of it.</summary>
    bool IsFullFor(TenantId tenant);

    /// <summary>Waits for its turn and gives the answer. It ends only when nothing reads the call's bytes any more, whether it ends well or not: the caller wipes them then.</summary>
    /// <param name="caller">Whose work it is.</param>
    /// <param name="call">The work.</param>
    /// <param name="timeUp">The caller must be answered now: a proof becomes a stored job and goes on, other work is given up.</param>
    /// <param name="cancellationToken">The caller no longer waits: the work leaves the line, or whoever does it is stopped.</param>
    /// <exception cref="OperationCanceledException">The caller no longer waits, or its time is up and the work could not become a job.</exception>
    Task<QueuedAnswer> RunAsync(ProofCaller caller, ProofCall call, CancellationToken timeUp, CancellationToken cancellationToken);
}

/// <summary>Who asks.</summary>
/// <param name="Tenant">The tenant; the platform's own for who needs no credential.</param>
/// <param name="SignIn">How the tenant is known.</param>
internal sealed record ProofCaller(TenantId Tenant, ProofSignIn SignIn)
{
    /// <summary>Whoever is on this machine.</summary>
    public static ProofCaller Open { get; } = new(TenantId.Platform, ProofSignIn.Open);
}

/// <summary>How a caller is known.</summary>
internal enum ProofSignIn
{
    /// <summary>Not at all: someone on this machine.</summary>
    Open,

    /// <summary>By an access token of the platform.</summary>
    AccessToken,

    /// <summary>By an API key.</summary>
    ApiKey,

    /// <summary>By the token of a managed identity.</summary>
    Identity,
}

/// <summary>A piece of work, as one of the official routes asks for it.</summary>
internal abstract record ProofCall
{
    private ProofCall()
    {
    }

    /// <summary><c>POST /prove</c>.</summary>
    /// <param name="Request">What it asks for.</param>
    /// <param name="Body">The whole body, which decides whether two ask for the same.</param>
    public sealed record Prove(ProveRequest Request, ReadOnlyMemory<byte> Body) : ProofCall;

    /// <summary><c>POST /check</c>.</summary>
    /// <param name="Request">What it asks for.</param>
    public sealed record Check(CheckRequest Request) : ProofCall;

    /// <summary><c>POST /prove-tx</c>.</summary>
    /// <param name="Request">What it asks for.</param>
    public sealed record ProveTransaction(ProveTransactionRequest Request) : ProofCall;

    /// <summary><c>POST /k</c>.</summary>
    /// <param name="Ir">The circuit, with its tag.</param>
    public sealed record K(ReadOnlyMemory<byte> Ir) : ProofCall;

    /// <summary>Has a prover do it.</summary>
    public Task<ProverAnswer> RunAsync(IProver prover, CancellationToken cancellationToken) => this switch
    {
        Prove prove => prover.ProveAsync(prove.Request, cancellationToken),
        Check check => prover.CheckAsync(check.Request, cancellationToken),
        ProveTransaction transaction => prover.ProveTransactionAsync(transaction.Request, cancellationToken),
        K circuit => prover.KAsync(circuit.Ir, cancellationToken),
        _ => throw new InvalidOperationException("There is no such call."),
    };
}

/// <summary>What came of a call.</summary>
/// <param name="Answer">The prover's answer; null when the queue was full and it was never asked, or when time was up.</param>
internal sealed record QueuedAnswer(ProverAnswer? Answer)
{
    /// <summary>No place in the line.</summary>
    public static QueuedAnswer Full { get; } = new((ProverAnswer?)null);

    /// <summary>The stored job that the work became, or was already; null unless time was up.</summary>
    public string? JobId { get; init; }

    /// <summary>Ends when nothing reads the call's bytes any more.</summary>
    public Task BytesInUse { get; init; } = Task.CompletedTask;
}

/// <summary>How full a queue is.</summary>
/// <param name="Processing">Calls that are worked on.</param>
/// <param name="Pending">Calls that wait.</param>
/// <param name="Capacity">How many may wait; 0 = as many as come.</param>
internal sealed record QueueState(int Processing, int Pending, int Capacity)
{
    /// <summary>Whether the next call finds no place.</summary>
    public bool IsFull => Capacity != 0 && Pending >= Capacity;
}
