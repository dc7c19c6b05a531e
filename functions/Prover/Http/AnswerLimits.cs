using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Http;

/// <summary>How long a client may be kept waiting: until the time-out, until it goes away, or until the host stops.</summary>
internal sealed class AnswerLimits(IOptions<ProverOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Begins to count.</summary>
    /// <param name="client">Cancelled when the client goes away.</param>
    public AnswerLimit Start(CancellationToken client) => new(new CancellationTokenSource(options.Value.AnswerTimeout, time), lifetime.ApplicationStopping, client);
}

/// <summary>The limit of one answer.</summary>
internal sealed class AnswerLimit(CancellationTokenSource timeout, CancellationToken stopping, CancellationToken client) : IDisposable
{
    private readonly CancellationTokenSource _gone = CancellationTokenSource.CreateLinkedTokenSource(stopping, client);

    /// <summary>Cancelled when there is nobody to be answered, or nobody to answer, any more.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Cancelled when the client must be answered.</summary>
    public CancellationToken TimeUp => timeout.Token;

    /// <summary>What a client is told that still waits; null while it may, and when it has gone.</summary>
    /// <param name="call">What it waits for. A job takes nothing but what <c>/prove</c> takes.</param>
    public string? Reason(ProofCall call) =>
        client.IsCancellationRequested ? null
        : timeout.IsCancellationRequested && call is ProofCall.Prove ? "The proof takes longer than an answer may. Send the same body to POST /jobs and ask for its result there."
        : timeout.IsCancellationRequested ? "It takes longer than an answer may (Prover:AnswerTimeout), and was given up."
        : stopping.IsCancellationRequested ? "The proof server is stopping. Ask again."
        : null;

    public void Dispose()
    {
        _gone.Dispose();
        timeout.Dispose();
    }
}
