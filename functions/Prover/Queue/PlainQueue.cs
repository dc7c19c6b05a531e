using Microsoft.Extensions.Options;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>One line for all: who comes first is served first.</summary>
internal sealed class PlainQueue(IProver prover, IOptions<ProverOptions> options) : IProofQueue, IDisposable
{
    private readonly SemaphoreSlim _free = new(prover.Size);
    private int _processing;
    private int _pending;

    public QueueState State => new(Volatile.Read(ref _processing), Volatile.Read(ref _pending), options.Value.Capacity);

    public async Task<QueuedAnswer> RunAsync(ProofCaller caller, ProofCall call, CancellationToken cancellationToken)
    {
        if (!await EnterAsync(cancellationToken))
        {
            return QueuedAnswer.Full;
        }

        Interlocked.Increment(ref _processing);
        try
        {
            return new QueuedAnswer(await call.RunAsync(prover, cancellationToken));
        }
        finally
        {
            Interlocked.Decrement(ref _processing);
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();

    private async Task<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (await _free.WaitAsync(0, cancellationToken))
        {
            return true;
        }

        try
        {
            if (Interlocked.Increment(ref _pending) > options.Value.Capacity && options.Value.Capacity != 0)
            {
                return false;
            }

            await _free.WaitAsync(cancellationToken);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }
}
