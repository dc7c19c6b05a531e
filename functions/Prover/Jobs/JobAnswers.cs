using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MidnightOS.Core.Documents;
using MidnightOS.Prover.Http;

namespace MidnightOS.Prover.Jobs;

/// <summary>Answers about jobs: JSON, or server-sent events.</summary>
internal static class JobAnswers
{
    private const string EventStream = "text/event-stream";

    public static Task JsonAsync<T>(HttpContext context, int status, T value)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.BytesAsync(JsonSerializer.SerializeToUtf8Bytes(value, DocumentJson.Options));
    }

    public static bool WantsEvents(HttpRequest request) =>
        request.Headers.Accept.Any(static accept => accept?.Contains(EventStream, StringComparison.OrdinalIgnoreCase) == true);

    public static async Task EventsAsync(HttpContext context, IAsyncEnumerable<JobView> views)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = EventStream;
        context.Response.Headers.CacheControl = "no-store";
        await SseFormatter.WriteAsync(Items(views), context.Response.Body, context.RequestAborted);
    }

    private static async IAsyncEnumerable<SseItem<string>> Items(IAsyncEnumerable<JobView> views)
    {
        await foreach (var view in views)
        {
            yield return new SseItem<string>(JsonSerializer.Serialize(view, DocumentJson.Options), "job");
        }
    }
}
