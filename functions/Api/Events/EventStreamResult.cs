using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MidnightOS.Api.Events;

/// <summary>A server-sent event.</summary>
/// <param name="Id">Its id; null for none.</param>
/// <param name="Type">Its type.</param>
/// <param name="Json">Its data.</param>
internal sealed record SentEvent(string? Id, string Type, string Json);

/// <summary>Answers with server-sent events (HTML Living Standard, 9.2). The headers go out at once, so that a client knows that it listens.</summary>
/// <param name="events">The events.</param>
/// <param name="after">
/// The id after which the stream begins, told before the first event in a block without data, which clients take note of and do not show:
/// a reader of a quiet stream too knows where to go on. Null when the events have no ids.
/// </param>
internal sealed class EventStreamResult(IAsyncEnumerable<SentEvent> events, string? after = null) : IResult
{
    public const string MediaType = "text/event-stream";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        httpContext.Response.ContentType = MediaType;
        httpContext.Response.Headers.CacheControl = "no-store";
        await httpContext.Response.StartAsync(httpContext.RequestAborted);
        if (after is not null)
        {
            await httpContext.Response.WriteAsync($"id: {after}\n\n", httpContext.RequestAborted);
        }

        await httpContext.Response.Body.FlushAsync(httpContext.RequestAborted);
        await SseFormatter.WriteAsync(Items(), httpContext.Response.Body, httpContext.RequestAborted);
    }

    private async IAsyncEnumerable<SseItem<string>> Items()
    {
        await foreach (var sent in events)
        {
            yield return new SseItem<string>(sent.Json, sent.Type) { EventId = sent.Id };
        }
    }
}
