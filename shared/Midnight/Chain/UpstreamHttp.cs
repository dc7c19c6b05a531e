using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace MidnightOS.Midnight.Chain;

/// <summary>Posts JSON to one upstream: repeated with back-off and jitter, behind a circuit breaker, within a time and a size.</summary>
/// <remarks>One instance for each upstream, so that an indexer that is down does not open the node's circuit.</remarks>
internal sealed class UpstreamHttp : IDisposable
{
    private readonly string _name;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ChainMetrics _metrics;
    private readonly ILogger _logger;

    public UpstreamHttp(string name, ChainResilienceOptions options, TimeProvider time, ChainMetrics metrics, ILogger logger)
    {
        _name = name;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _pipeline = UpstreamPipeline.Build(name, options, time, metrics, logger);
        _http = new HttpClient(new ResetConnections(NewHandler()))
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = options.MaxResponseBytes,
        };
    }

    /// <summary>Posts a body and reads the answer inside the attempt, so that an answer cut in the middle is repeated too.</summary>
    /// <param name="uri">Where to.</param>
    /// <param name="operation">A short name for logs and metrics.</param>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="read">Reads the answer; <see cref="JsonException"/> marks one that cannot be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChainUnavailableException">No usable answer after all attempts.</exception>
    public async Task<T> PostAsync<T>(Uri uri, string operation, byte[] body, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        using var activity = ChainMetrics.Activities.Within(_name, operation, ActivityKind.Client);
        var started = _time.GetTimestamp();
        var outcome = "ok";
        try
        {
            return await _pipeline.ExecuteAsync(
                async (call, token) => call.Read(await call.Self.SendAsync(call.Uri, call.Body, token)),
                (Self: this, Uri: uri, Body: body, Read: read),
                cancellationToken);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            outcome = exception is BrokenCircuitException ? "circuit_open" : "failed";
            activity?.SetTag("error.type", exception.GetType().Name).SetStatus(ActivityStatusCode.Error, Sentence(exception));
            ChainLog.GaveUp(_logger, _name, operation, exception.Message);
            throw new ChainUnavailableException(Sentence(exception), exception);
        }
        finally
        {
            _metrics.Called(_name, operation, outcome, _time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler NewHandler() => new()
    {
        // The chain's servers are other people's: they need not see which calls belong together.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        UseCookies = false,
    };

    private static bool IsOutage(Exception exception) =>
        exception is HttpRequestException or IOException or JsonException or UpstreamStatusException or TimeoutRejectedException or BrokenCircuitException;

    private string Sentence(Exception exception) => exception switch
    {
        BrokenCircuitException => $"The {_name} failed too often; calls are paused for a moment.",
        TimeoutRejectedException => $"The {_name} did not answer in time.",
        JsonException => $"The {_name} answered something that cannot be read.",
        UpstreamStatusException status => $"The {_name} answered HTTP {(int)status.Status}.",
        _ => $"The {_name} cannot be reached.",
    };

    private async Task<byte[]> SendAsync(Uri uri, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new UpstreamStatusException(response.StatusCode, RetryAfter(response));
        }

        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } header ? null
        : header.Delta ?? (header.Date is { } date ? date - _time.GetUtcNow() : null);
}

/// <summary>An answer with a status other than success.</summary>
internal sealed class UpstreamStatusException(HttpStatusCode status, TimeSpan? retryAfter) : Exception($"HTTP {(int)status}")
{
    public HttpStatusCode Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => (int)Status >= 500 || Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
}
