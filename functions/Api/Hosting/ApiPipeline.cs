using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Api.Errors;

namespace MidnightOS.Api.Hosting;

/// <summary>The whole API as one step, for hosts that route requests to functions before the API sees them.</summary>
/// <remarks>What the host did to the request is taken back first, so that each route exists once and answers as it does on a server of its own.</remarks>
public sealed partial class ApiPipeline(IServiceProvider services, IServiceScopeFactory scopes, IHttpContextAccessor accessor, ILogger<ApiPipeline> logger)
{
    private readonly Lazy<RequestDelegate> _pipeline = new(() => Build(services));

    /// <summary>Answers a request. Failures are answers too; what they were is logged.</summary>
    /// <param name="context">The request; nothing of its body was read, nothing was answered.</param>
    public async Task RunAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TakeOver(context);
        try
        {
            await _pipeline.Value(context);
        }
        finally
        {
            accessor.HttpContext = null;
        }

        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            Tell(context);
        }
    }

    private static RequestDelegate Build(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseApiBehindHost();
        app.UseEndpoints(static routes => routes.MapApi());
        return app.Build();
    }

    private void TakeOver(HttpContext context)
    {
        // Routing takes a request that has an endpoint for routed.
        context.SetEndpoint(null);
        context.Request.RouteValues = [];

        // The host's scope ends with the function, before what waits for the end of the answer has run; this one ends after it.
        context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, scopes));

        // The function does not run in the flow of the server that made the context.
        accessor.HttpContext = context;
    }

    private void Tell(HttpContext context)
    {
        // To the host a function that answered has succeeded.
        Activity.Current?.SetStatus(ActivityStatusCode.Error);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        var level = context.Response.StatusCode == StatusCodes.Status500InternalServerError ? LogLevel.Error : LogLevel.Warning;
        var trace = Problem.TraceIdOf(context);
        LogFailed(level, context.Request.Method, route, context.Response.StatusCode, trace);
    }

    [LoggerMessage(EventId = 2011, Message = "The function succeeded and the request failed: {Method} {Route} {Status}, trace {TraceId}")]
    private partial void LogFailed(LogLevel level, string method, string route, int status, string traceId);
}
