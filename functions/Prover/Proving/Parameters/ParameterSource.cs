using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Chain;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>Fetches published files from the configured source. It is not trusted: whoever calls checks what came.</summary>
internal sealed class ParameterSource : IDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _stall;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;

    public ParameterSource(IOptions<ParameterOptions> options, TimeProvider time, ILogger<ParameterSource> logger)
    {
        _stall = options.Value.ParameterStallTimeout;
        _time = time;
        _logger = logger;
        Address = options.Value.Source(Environment.GetEnvironmentVariable).Source;
        _http = new HttpClient(new ResetConnections(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseCookies = false })) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where files come from; null when there is no source.</summary>
    public Uri? Address { get; }

    /// <summary>Fetches a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="target">Where it is written to.</param>
    /// <param name="isRight">Whether what was written is the published file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when it is there and right; else why not, in a few words.</returns>
    public async Task<string?> FetchAsync(PublishedFile file, string target, Func<Task<bool>> isRight, CancellationToken cancellationToken)
    {
        ParameterLog.Fetching(_logger, file.Name, Address!);
        string? reason = null;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            (reason, var final) = await TryAsync(file, target, cancellationToken);
            if (reason is null && await isRight())
            {
                return null;
            }

            reason ??= "what it sent is not the published file";
            ParameterLog.FetchFailed(_logger, attempt, file.Name, reason);
            if (final)
            {
                break;
            }
        }

        return reason;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string? Reason, bool Final)> TryAsync(PublishedFile file, string target, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(_stall, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(new Uri(Address!, file.Name), HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                var isFinal = (int)response.StatusCode is >= 400 and < 500 && response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
                return ($"it answered {(int)response.StatusCode}", isFinal);
            }

            if (response.Content.Headers.ContentLength > file.MaxLength)
            {
                return ("what it would send is larger than the published file", true);
            }

            await using var content = await response.Content.ReadAsStreamAsync(either.Token);
            return (await CopyAsync(file, content, response.Content.Headers.ContentLength, target, () => stalled.CancelAfter(_stall), either.Token), false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"it sent nothing for {_stall}", false);
        }
        catch (HttpRequestException exception)
        {
            return (exception.Message, false);
        }
    }

    // A connection that breaks is the source's failure; the same exception of the file that is written is the folder's.
    private static async Task<(int Count, string? Problem)> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return (await content.ReadAsync(buffer, cancellationToken), null);
        }
        catch (IOException exception)
        {
            return (0, exception.Message);
        }
    }

    private async Task<string?> CopyAsync(PublishedFile file, Stream content, long? total, string target, Action alive, CancellationToken cancellationToken)
    {
        await using var output = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None);
        var buffer = new byte[128 * 1024];
        var told = _time.GetTimestamp();
        for (var done = 0L; ;)
        {
            var (count, problem) = await ReadAsync(content, buffer, cancellationToken);
            if (count == 0)
            {
                return problem;
            }

            alive();
            done += count;
            if (done > file.MaxLength)
            {
                return "what it sends is larger than the published file";
            }

            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            if (_time.GetElapsedTime(told) >= LogEvery)
            {
                told = _time.GetTimestamp();
                ParameterLog.FetchProgress(_logger, file.Name, done, total);
            }
        }
    }
}
