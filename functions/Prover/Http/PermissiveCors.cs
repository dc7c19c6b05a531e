using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MidnightOS.Prover.Http;

/// <summary>Any page may call the proof server, as the official one allows (actix-cors, <c>Cors::permissive</c>). Unlike there it allows no cookies: no credential of this server is one.</summary>
internal sealed class PermissiveCors(RequestDelegate next)
{
    private const string Varies = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    private const string Methods = "GET, POST, PUT, DELETE, HEAD, OPTIONS, CONNECT, PATCH, TRACE";

    public Task InvokeAsync(HttpContext context)
    {
        var asked = context.Request.Headers;
        if (HttpMethods.IsOptions(context.Request.Method) && asked.AccessControlRequestMethod.Count > 0)
        {
            Preflight(asked, context.Response.Headers);
            return Task.CompletedTask;
        }

        context.Response.OnStarting(static state =>
        {
            Actual((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Preflight(IHeaderDictionary asked, IHeaderDictionary answer)
    {
        answer.AccessControlAllowOrigin = Echo(asked.Origin);
        answer.AccessControlAllowMethods = Methods;
        answer.AccessControlAllowHeaders = Echo(asked.AccessControlRequestHeaders);
        answer.AccessControlMaxAge = "3600";
        answer.Vary = Varies;
    }

    private static void Actual(HttpContext context)
    {
        var answer = context.Response.Headers;
        if (context.Request.Headers.Origin is { Count: > 0 } origin)
        {
            answer.AccessControlExposeHeaders = string.Join(", ", answer.Keys.Where(static name => name != HeaderNames.Vary).Select(static name => name.ToLowerInvariant()));
            answer.AccessControlAllowOrigin = Echo(origin);
        }

        answer.Vary = Varies;
    }

    // No browser sends anything else, and an answer cannot carry it.
    private static StringValues Echo(StringValues asked) => asked.All(static value => value is not null && Ascii.IsValid(value)) ? asked : default;
}
