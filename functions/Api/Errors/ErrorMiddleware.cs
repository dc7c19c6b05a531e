using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Errors;

/// <summary>Answers exceptions. What the client must not know goes to the log, under the trace id that the client gets.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : ClientClosedRequest;
        }
        catch (Exception exception)
        {
            var error = ExceptionErrors.Of(exception);
            Log(exception, error.Code);
            if (context.Response.HasStarted)
            {
                // Half an answer was sent: only an aborted connection tells the client that it is not whole.
                context.Abort();
                return;
            }

            context.Response.Headers.Location = default;
            context.Response.Headers.ContentLength = null;
            await context.Response.WriteAsync(error);
        }
    }

    private void Log(Exception exception, ErrorCode code)
    {
        if (code == ErrorCodes.InternalError)
        {
            LogDefect(exception);
        }
        else if (code == ErrorCodes.UpstreamUnavailable)
        {
            LogOutage(exception);
        }
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Error, Message = "A request failed")]
    private partial void LogDefect(Exception exception);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "A request could not be served: a dependency is out of reach")]
    private partial void LogOutage(Exception exception);
}

/// <summary>Answers what no route takes, before sign-in is asked for: an unknown path, or a method or media type that the path does not take.</summary>
internal sealed class UnroutedMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is RouteEndpoint)
        {
            await next(context);
            return;
        }

        // Routing answers a wrong method or media type with an endpoint of its own that sets status and Allow.
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (endpoint?.RequestDelegate is { } answer)
        {
            await answer(context);
        }

        if (!context.Response.HasStarted)
        {
            await context.Response.WriteAsync(ErrorOf(context.Response.StatusCode));
        }
    }

    private static Error ErrorOf(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => new Error(ErrorCodes.MethodNotAllowed, "This path does not take this method."),
        StatusCodes.Status415UnsupportedMediaType => ExceptionErrors.NotJson,
        _ => new Error(ErrorCodes.NotFound, "There is nothing at this path."),
    };
}
