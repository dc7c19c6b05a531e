using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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
    private readonly CancellationTokenSource _any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping, client);

    /// <summary>Cancelled when the answer is no longer waited for.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>What a client is told that still waits; null while it may, and when it has gone.</summary>
    public string? Reason =>
        client.IsCancellationRequested ? null
        : timeout.IsCancellationRequested ? "The proof takes longer than an answer may. Send the same body to POST /jobs and ask for its result there."
        : stopping.IsCancellationRequested ? "The proof server is stopping. Ask again."
        : null;

    public void Dispose()
    {
        _any.Dispose();
        timeout.Dispose();
    }
}
