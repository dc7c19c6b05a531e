using System.Net;
using System.Text.Json;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>An event as it came over the wire.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type; null when it has none.</param>
/// <param name="Data">Its data; null for a block that only tells an id.</param>
internal sealed record WireEvent(string? Id, string? Type, string? Data)
{
    public JsonElement Json => JsonDocument.Parse(Data!).RootElement;

    /// <summary>What the event is about, in the envelope.</summary>
    public JsonElement Content => Json.GetProperty("data");
}

/// <summary>An open event stream, read block by block; whoever disposes it hangs up.</summary>
internal sealed class EventLines : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventLines(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    /// <summary>Opens the stream; the headers are there when this returns. A reader whose old streams are still being closed asks again.</summary>
    public static async Task<EventLines> OpenAsync(HttpClient http, string? lastEventId, string? token = null)
    {
        var response = await AskAsync(http, lastEventId, token);
        while (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            Assert.NotNull(response.Headers.RetryAfter);
            response.Dispose();
            response = await AskAsync(http, lastEventId, token);
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return new EventLines(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next block; null when the stream has ended.</summary>
    public async Task<WireEvent?> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0)
            {
                return new WireEvent(fields.GetValueOrDefault("id"), fields.GetValueOrDefault("event"), fields.GetValueOrDefault("data"));
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Assert.True(colon > 0, line);
            fields.Add(line[..colon], line[(colon + 1)..].TrimStart(' '));
        }

        return null;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string? lastEventId, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
