using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Midnight.Chain;

namespace MidnightOS.Tests.Integration.Chain;

/// <summary>A server at the edge that answers as a test says: the indexer over HTTP and WebSocket, and the node.</summary>
internal sealed class FaultyIndexer : IAsyncDisposable
{
    private readonly Channel<FaultySocket> _sockets = Channel.CreateUnbounded<FaultySocket>();
    private readonly WebApplication _app;
    private int _posts;

    private FaultyIndexer(WebApplication app)
    {
        _app = app;
        app.UseWebSockets();
        app.MapPost("/{**path}", PostAsync);
        app.Map("/api/v4/graphql/ws", SocketAsync);
    }

    /// <summary>Answers the request of this number, from 1 on.</summary>
    public Func<HttpContext, int, Task> OnPost { get; set; } = (context, _) => Answer(context, """{"data":{"block":null}}""");

    public int Posts => Volatile.Read(ref _posts);

    public ChainEndpoints Endpoints => ChainEndpoints.Of(new MidnightNetworkOptions { Indexer = Address, Node = Address });

    private string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FaultyIndexer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FaultyIndexer(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    public static Task Answer(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    /// <summary>The next WebSocket that the client opens, not acknowledged yet.</summary>
    public Task<FaultySocket> NextSocketAsync() => _sockets.Reader.ReadAsync().Reason();

    /// <summary>The next WebSocket, acknowledged.</summary>
    public async Task<FaultySocket> AcceptAsync()
    {
        var socket = await NextSocketAsync();
        await socket.AcknowledgeAsync();
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task PostAsync(HttpContext context) => OnPost(context, Interlocked.Increment(ref _posts));

    private async Task SocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("graphql-transport-ws");
        var faulty = new FaultySocket(socket, context.Abort);
        await _sockets.Writer.WriteAsync(faulty);
        await faulty.PumpAsync();
    }
}
