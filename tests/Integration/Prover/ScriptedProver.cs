using System.Collections.Concurrent;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>A prover that answers what the test says.</summary>
internal sealed class ScriptedProver : IProver
{
    private readonly ConcurrentQueue<object> _asked = new();

    public int Size { get; init; } = 2;

    /// <summary>Gives the answer to a call; each gives its own bytes by default.</summary>
    public Func<object, CancellationToken, Task<ProverAnswer>> Answer { get; set; } = static (_, _) => Task.FromResult(new ProverAnswer { Content = "the answer"u8.ToArray(), K = 6 });

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<object> Asked => [.. _asked];

    /// <summary>Answers every call with a failure.</summary>
    public static ScriptedProver Failing(ProofFailureKind kind, string reason) => new() { Answer = (_, _) => Task.FromResult(ProverAnswer.Failed(kind, reason)) };

    /// <summary>Answers no call until it is given up.</summary>
    public static ScriptedProver Endless(TaskCompletionSource? begun = null, TaskCompletionSource? ended = null) => new()
    {
        Answer = async (_, cancellationToken) =>
        {
            begun?.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended?.TrySetResult();
            }

            return ProverAnswer.Failed(ProofFailureKind.Internal, "never");
        },
    };

    public Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken) => AskAsync(Copy(request), cancellationToken);

    public Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken) => AskAsync(request with { Preimage = request.Preimage.ToArray(), Ir = request.Ir?.ToArray() }, cancellationToken);

    public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) =>
        AskAsync(request with { Transaction = request.Transaction.ToArray() }, cancellationToken);

    public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) => AskAsync(ir.ToArray(), cancellationToken);

    // What was asked is wiped with its answer.
    private static ProveRequest Copy(ProveRequest request) => request with
    {
        Preimage = request.Preimage.ToArray(),
        Keys = request.Keys is { } keys ? new KeyMaterial(keys.ProverKey.ToArray(), keys.VerifierKey.ToArray(), keys.Ir.ToArray()) : null,
    };

    private Task<ProverAnswer> AskAsync(object request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request);
        return Answer(request, cancellationToken);
    }
}
