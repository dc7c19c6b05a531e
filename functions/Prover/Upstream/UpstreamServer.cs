using System.Net;
using Microsoft.Extensions.Logging;

namespace MidnightOS.Prover.Upstream;

/// <summary>An official proof server: what is known of it, and calls to it.</summary>
/// <param name="number">Its place in the setting, from 1.</param>
/// <param name="address">Where it is.</param>
/// <param name="client">A client that nobody else uses; it goes with this.</param>
/// <param name="metrics">What counts the calls.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class UpstreamServer(int number, Uri address, HttpClient client, UpstreamMetrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly UpstreamCircuit _circuit = new(time);
    private int _open;

    /// <summary>Its place in the setting, from 1.</summary>
    public int Number => number;

    /// <summary>Where it is.</summary>
    public Uri Address => address;

    /// <summary>What it last said of itself.</summary>
    public UpstreamHealth Health { get; private set; } = UpstreamHealth.Unknown;

    /// <summary>Calls that it works on for this host.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Whether it may be asked.</summary>
    public bool IsUsable => Health != UpstreamHealth.Down && !_circuit.IsOpen;

    /// <summary>Asks it.</summary>
    /// <param name="path">The route.</param>
    /// <param name="body">What to send.</param>
    /// <param name="begins">How the answer of a proof server begins.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public async Task<UpstreamReply> SendAsync(string path, byte[] body, ReadOnlyMemory<byte> begins, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        UpstreamReply? reply = null;
        Interlocked.Increment(ref _open);
        try
        {
            reply = await AskAsync(path, body, begins, timeout, cancellationToken);
            Judge(reply.Outcome);
            return reply;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            metrics.Called(number, path, reply?.Outcome, time.GetElapsedTime(start));
        }
    }

    /// <summary>Another server did what broke this one: the fault is its own.</summary>
    public void Blame() => _circuit.Failed();

    /// <summary>Asks how it is.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var before = Health;
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "ready"), cancellationToken);
            Health = answer.StatusCode switch
            {
                HttpStatusCode.OK => UpstreamHealth.Ready,
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => UpstreamHealth.Busy,
                _ => UpstreamHealth.Down,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Health = UpstreamHealth.Down;
        }

        if (Health != before)
        {
            LogHealth(address, Health);
        }
    }

    public void Dispose() => client.Dispose();

    private void Judge(UpstreamOutcome outcome)
    {
        switch (outcome)
        {
            case UpstreamOutcome.Done or UpstreamOutcome.Refused:
                _circuit.Succeeded();
                break;
            case UpstreamOutcome.Away or UpstreamOutcome.TimedOut:
                _circuit.Failed();
                break;
        }
    }

    private async Task<UpstreamReply> AskAsync(string path, byte[] body, ReadOnlyMemory<byte> begins, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/octet-stream");
            using var answer = await client.PostAsync(new Uri(address, path), content, either.Token);
            return Read(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token), begins.Span);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return limit.IsCancellationRequested
                ? UpstreamReply.Of(UpstreamOutcome.TimedOut, "it took too long")
                : UpstreamReply.Of(UpstreamOutcome.Away, "no connection came about in time");
        }
        catch (HttpRequestException exception)
        {
            return UpstreamReply.Of(IsUnreached(exception.HttpRequestError) ? UpstreamOutcome.Away : UpstreamOutcome.Lost, exception.Message);
        }
    }

    private static bool IsUnreached(HttpRequestError error) =>
        error is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static UpstreamReply Read(HttpStatusCode status, byte[] content, ReadOnlySpan<byte> begins) => status switch
    {
        HttpStatusCode.OK when content.AsSpan().StartsWith(begins) => new UpstreamReply(UpstreamOutcome.Done, content),
        HttpStatusCode.OK => UpstreamReply.Of(UpstreamOutcome.Away, "its answer is not one of a proof server"),
        HttpStatusCode.BadRequest => new UpstreamReply(UpstreamOutcome.Refused, content),
        _ => UpstreamReply.Of(OutcomeOf(status), $"it answered {(int)status}"),
    };

    // 502 and 504 are what a gateway says of the server behind it.
    private static UpstreamOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.RequestEntityTooLarge => UpstreamOutcome.TooLarge,
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => UpstreamOutcome.Busy,
        HttpStatusCode.InternalServerError => UpstreamOutcome.Broke,
        HttpStatusCode.BadGateway => UpstreamOutcome.Lost,
        HttpStatusCode.GatewayTimeout => UpstreamOutcome.TimedOut,
        _ => UpstreamOutcome.Away,
    };

    [LoggerMessage(EventId = 7120, Level = LogLevel.Warning, Message = "The proof server {Address} is {Health}")]
    private partial void LogHealth(Uri address, UpstreamHealth health);
}
