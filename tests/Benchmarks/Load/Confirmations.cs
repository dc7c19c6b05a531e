using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Benchmarks.Load;

/// <summary>Learns the ends of a tenant's transfers from its event stream, so that waiting costs the host nothing.</summary>
internal sealed class Confirmations : IAsyncDisposable
{
    private readonly Client _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _open = new();
    private readonly Task _reading;
    private string? _last;

    private Confirmations(Client client)
    {
        _client = client;
        _reading = ReadAsync();
    }

    public static async Task<Confirmations> OpenAsync(Client client)
    {
        var confirmations = new Confirmations(client);
        await Task.WhenAny(confirmations._open.Task, confirmations._reading);
        return confirmations;
    }

    /// <summary>Waits for a transfer's confirmation; any other end is an error.</summary>
    public async Task OfAsync(string transaction) => await await Task.WhenAny(Of(transaction).Task, _reading);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private TaskCompletionSource Of(string transaction) =>
        _ends.GetOrAdd(transaction, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    // A stream ends after a minute and goes on where it ended.
    private async Task ReadAsync()
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
            if (_last is not null)
            {
                request.Headers.Add("Last-Event-ID", _last);
            }

            using var answer = await _client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            answer.EnsureSuccessStatusCode();
            _open.TrySetResult();
            await foreach (var told in SseParser.Create(await answer.Content.ReadAsStreamAsync(_stop.Token)).EnumerateAsync(_stop.Token))
            {
                _last = told.EventId ?? _last;
                if (told.EventType == "transaction")
                {
                    Take(JsonNode.Parse(told.Data)!);
                }
            }
        }
    }

    private void Take(JsonNode told)
    {
        switch ((string?)told["data"]!["status"])
        {
            case "confirmed":
                Of((string)told["subject"]!).TrySetResult();
                break;
            case "failed" or "expired" or "rejected" or "cancelled":
                Of((string)told["subject"]!).TrySetException(new InvalidOperationException(told.ToJsonString()));
                break;
        }
    }
}
