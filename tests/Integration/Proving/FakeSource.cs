using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>A source of parameters on a free port of this machine, which answers as a test says.</summary>
internal sealed class FakeSource : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeSource(WebApplication app) => _app = app;

    /// <summary>The paths that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Address => _app.Urls.Single() + "/params";

    /// <param name="answer">Gets the request and which one it is, from 1.</param>
    public static async Task<FakeSource> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var source = new FakeSource(builder.Build());
        source._app.Run(context =>
        {
            source.Asked.Enqueue(context.Request.Path);
            return answer(context, source.Asked.Count);
        });
        await source._app.StartAsync();
        return source;
    }

    /// <summary>Sends a part of a body and breaks off.</summary>
    public static async Task BreakOffAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
