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
    public Func<object, CancellationToken, Task<ProverAnswer>> Answer { get; set; } = static (_, _) => Task.FromResult(new ProverAnswer { Content = "the answer"u8.ToArray(), K = 6, Worked = TimeSpan.FromSeconds(1) });

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
        AskAsync(new ProveTransactionRequest(request.Transaction.ToArray(), request.Keys.ToDictionary(static pair => pair.Key, static pair => Copy(pair.Value), StringComparer.Ordinal)), cancellationToken);

    public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) => AskAsync(ir.ToArray(), cancellationToken);

    // What was asked is wiped with its answer.
    private static ProveRequest Copy(ProveRequest request) => request with
    {
        Preimage = request.Preimage.ToArray(),
        Keys = request.Keys is { } keys ? Copy(keys) : null,
    };

    private static KeyMaterial Copy(KeyMaterial keys) => new(keys.ProverKey.ToArray(), keys.VerifierKey.ToArray(), keys.Ir.ToArray());

    private Task<ProverAnswer> AskAsync(object request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request);
        return Answer(request, cancellationToken);
    }
}

/// <summary>A prover that answers everything and remembers nothing, for tests of the memory.</summary>
internal sealed class ForgetfulProver : IProver
{
    private static readonly Task<ProverAnswer> Answer = Task.FromResult(new ProverAnswer { Content = "the answer"u8.ToArray(), K = 6 });

    public int Size => 2;

    public Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken) => Answer;

    public Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken) => Answer;

    public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) => Answer;

    public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) => Answer;
}

/// <summary>A prover that shows the very bytes it is given.</summary>
internal sealed class PeekingProver(Action<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> peek) : IProver
{
    private static readonly Task<ProverAnswer> Answer = Task.FromResult(new ProverAnswer { Content = "the answer"u8.ToArray() });

    public int Size => 1;

    /// <summary>What it does after its look; it gets the token that tells it to stop.</summary>
    public Func<CancellationToken, Task> Until { get; init; } = static _ => Task.CompletedTask;

    public async Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken)
    {
        peek(request.Preimage, request.Keys!.Ir);
        await Until(cancellationToken);
        return await Answer;
    }

    public Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken) => Answer;

    public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) => Answer;

    public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) => Answer;
}
