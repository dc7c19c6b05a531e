using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using MidnightOS.Core;
using MidnightOS.Prover;

namespace MidnightOS.Embedded.Proofs;

/// <summary>The proof service on its own port: a web application of its own in this process, whose requests use the platform's services.</summary>
/// <remarks>Two servers rather than one with a branch by port: neither has the other's routes, limits or error form, whatever is set with <c>--urls</c>.</remarks>
internal sealed class ProverListener(IServiceProvider services, IOptions<ProverOptions> options, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens; once it is started.</summary>
    public Uri Address => new(_app!.Urls.First());

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // A loopback peer of a listener that others reach too may be a proxy: only one that none else reaches is open.
        if (IPAddress.IsLoopback(options.Value.Address))
        {
            options.Value.OpenOnLoopback();
        }

        _app = Build();
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception is { InnerException: SocketException or { InnerException: SocketException } })
        {
            throw new OptionsProblemException(
                $"The proof service cannot listen on {options.Value.Address}:{options.Value.Port}: {Reason(exception)}. Choose another port with --Prover:Port (0 for a free one) or another address with --Prover:Host.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string Reason(IOException exception) =>
        exception.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } or { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } }
            ? "the port is taken"
            : (exception.InnerException?.InnerException ?? exception.InnerException!).Message;

    [SuppressMessage("Reliability", "CA2000", Justification = "The listener disposes of it.")]
    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, PartLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The bound is the service's own. Kestrel's would break the connection of a client that sends on before it has read that its body is too long.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(options.Value.Address, options.Value.Port);
        });
        var app = builder.Build();
        app.Use(WithPlatformAsync);
        app.UseProver();
        app.MapProver();
        return app;
    }

    private async Task WithPlatformAsync(HttpContext context, RequestDelegate next)
    {
        var own = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestServices = own;
        }
    }

    // Signals are the platform's to hear.
    private sealed class PartLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
