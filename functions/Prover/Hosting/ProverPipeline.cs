using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MidnightOS.Prover.Hosting;

/// <summary>The routes of the proof service as one step, for hosts that route requests to functions before the service sees them.</summary>
/// <remarks>What the host did to the request is taken back first, so that each route exists once and answers as it does on a listener of its own.</remarks>
public sealed class ProverPipeline(IServiceProvider services, IServiceScopeFactory scopes)
{
    private readonly Lazy<RequestDelegate> _pipeline = new(() => Build(services));

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request; nothing of its body was read, nothing was answered.</param>
    public Task RunAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        // Routing takes a request that has an endpoint for routed.
        context.SetEndpoint(null);
        context.Request.RouteValues = [];

        // The host's scope ends with the function, before what waits for the end of the answer has run; this one ends after it.
        context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, scopes));

        // The bound is the service's own, Prover:MaxBodyBytes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = null;
        }

        return _pipeline.Value(context);
    }

    private static RequestDelegate Build(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseProver();
        app.UseEndpoints(static routes => routes.MapProver());
        return app.Build();
    }
}
