using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace MidnightOS.Prover.Upstream;

/// <summary>An official proof server: what is known of it, and calls to it.</summary>
internal sealed partial class UpstreamServer : IDisposable
{
    private readonly ResiliencePipeline _breaker;
    private readonly HttpClient _client;
    private readonly ILogger _logger;
    private int _open;

    /// <param name="address">Where it is.</param>
    /// <param name="client">A client that nobody else uses; it goes with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public UpstreamServer(Uri address, HttpClient client, TimeProvider time, ILogger logger)
    {
        (Address, _client, _logger) = (address, client, logger);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time, Name = address.Authority }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is UpstreamException),
            FailureRatio = 0.5,
            MinimumThroughput = 2,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDuration = TimeSpan.FromSeconds(15),
            StateProvider = Circuit,
        }).Build();
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>What it last said of itself.</summary>
    public UpstreamHealth Health { get; private set; } = UpstreamHealth.Unknown;

    /// <summary>Calls that it works on for this host.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Whether it may be asked.</summary>
    public bool IsUsable => Health != UpstreamHealth.Down && Circuit.CircuitState is not (CircuitState.Open or CircuitState.Isolated);

    private CircuitBreakerStateProvider Circuit { get; } = new();

    /// <summary>Asks it.</summary>
    /// <returns>Its answer, if it is one that another server would give too: 200 or 400.</returns>
    /// <exception cref="UpstreamException">It cannot answer now.</exception>
    public async Task<UpstreamReply> SendAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        try
        {
            return await _breaker.ExecuteAsync(token => AskAsync(path, body, token), cancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            throw new UpstreamException("its circuit is open", exception);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Asks how it is.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var before = Health;
        try
        {
            using var answer = await _client.GetAsync(new Uri(Address, "ready"), cancellationToken);
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
            LogHealth(Address, Health);
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<UpstreamReply> AskAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/octet-stream");
            using var answer = await _client.PostAsync(new Uri(Address, path), content, cancellationToken);
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest
                ? new UpstreamReply(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsByteArrayAsync(cancellationToken))
                : throw new UpstreamException($"it answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            throw new UpstreamException(exception.Message, exception);
        }
    }

    [LoggerMessage(EventId = 7120, Level = LogLevel.Warning, Message = "The proof server {Address} is {Health}")]
    private partial void LogHealth(Uri address, UpstreamHealth health);
}

/// <summary>What a proof server answered.</summary>
/// <param name="IsDone">Whether it is what was asked for; otherwise the request is at fault.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record UpstreamReply(bool IsDone, byte[] Content);

/// <summary>How a proof server is.</summary>
internal enum UpstreamHealth
{
    /// <summary>It was not asked yet.</summary>
    Unknown,

    /// <summary>It takes work.</summary>
    Ready,

    /// <summary>Its queue is full.</summary>
    Busy,

    /// <summary>It does not answer, or not as a proof server does.</summary>
    Down,
}

/// <summary>A proof server cannot answer now; another may.</summary>
internal sealed class UpstreamException(string message, Exception? inner = null) : Exception(message, inner);
