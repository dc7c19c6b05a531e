using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using MidnightOS.Api.Errors;

namespace MidnightOS.Api;

/// <summary>One line a request: the route and not the path, no address, no query, no user.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Log(context, time.GetElapsedTime(start));
        }
    }

    private void Log(HttpContext context, TimeSpan elapsed)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            var trace = Problem.TraceIdOf(context);
            LogRequest(context.Request.Method, route, context.Response.StatusCode, elapsed.TotalMilliseconds, trace);
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {Milliseconds:0.0} ms, trace {TraceId}")]
    private partial void LogRequest(string method, string route, int status, double milliseconds, string traceId);
}
