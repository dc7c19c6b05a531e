using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Idempotency;

/// <summary>Gives the first answer again to a request that is sent again with its <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotencyFilter(IdempotencyStore store) : IEndpointFilter
{
    public const string KeyHeader = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int LongestKey = 255;
    private const int LargestAnswer = 1024 * 1024;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(KeyHeader, out var keys))
        {
            return await next(context);
        }

        if (keys.Count != 1 || keys[0] is not { Length: >= 1 and <= LongestKey } key || !key.All(static c => c is > ' ' and <= '~'))
        {
            return Error.Invalid(KeyHeader, $"{KeyHeader} must be 1 to {LongestKey} visible ASCII characters.").ToHttp();
        }

        if (http.FindCaller() is not { } caller)
        {
            IdempotencyContext.Of(http).Set(key);
            return await next(context);
        }

        var bytes = await RequestBytes.ReadAsync(http);
        if (!bytes.IsSuccess)
        {
            return bytes.Error.ToHttp();
        }

        var parts = PartsOf(http, caller, key);
        var turn = await store.BeginAsync(caller.Tenant, HashOf(parts), HashOf(http, bytes.Value), http.RequestAborted);
        if (!turn.IsSuccess)
        {
            return turn.Error.ToHttp();
        }

        if (turn.Value.Record.Answer is { } first)
        {
            return new ReplayResult(first);
        }

        IdempotencyContext.Of(http).Set(key, turn.Value.Record.FirstSeen, parts);
        await RunAsync(turn.Value, context, next);
        return Results.Empty;
    }

    private async Task RunAsync(IdempotencyTurn turn, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var original = http.Response.Body;
        await using var capture = new AnswerCapture(http.Response, original);
        http.Response.Body = capture;
        var recorded = false;
        try
        {
            var result = await next(context) as IResult ?? throw new InvalidOperationException("An idempotent endpoint answers with an IResult.");
            await result.ExecuteAsync(http);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            var answer = capture.ToAnswer();
            if (IsFinal(http.Response) && answer.Body.Length <= LargestAnswer)
            {
                // The work is done: the client that went away will come back for the answer.
                await store.EndAsync(turn, answer, CancellationToken.None);
                recorded = true;
            }
        }
        finally
        {
            http.Response.Body = original;
            if (!recorded)
            {
                await store.AbandonAsync(turn, CancellationToken.None);
            }
        }

        await capture.SendAsync(http.RequestAborted);
    }

    /// <summary>Whether the same request would get the same answer again: not when it was turned away for now.</summary>
    private static bool IsFinal(HttpResponse response) =>
        response.StatusCode is >= 200 and < 500 and not (401 or 408 or 425 or 429) && response.Headers.RetryAfter.Count == 0;

    private static string[] PartsOf(HttpContext http, Caller caller, string key) =>
        [caller.Tenant.Value, caller.UserId, $"{http.Request.Method} {RouteOf(http)}", key];

    // Not the path itself: its letter case, a slash at its end and its escapes lead to the same work.
    private static string RouteOf(HttpContext http)
    {
        var pattern = ((RouteEndpoint)http.GetEndpoint()!).RoutePattern;
        return string.Join(' ', pattern.Parameters.Select(parameter => http.Request.RouteValues[parameter.Name]).Prepend(pattern.RawText));
    }

    private static string HashOf(string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    private static string HashOf(HttpContext http, RequestBytes body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.QueryString}\n"));
        hash.AppendData(body.Content.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class ReplayResult(StoredAnswer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            foreach (var (name, value) in answer.Headers)
            {
                response.Headers[name] = value;
            }

            response.Headers[ReplayedHeader] = "true";
            return answer.Body.Length == 0 ? Task.CompletedTask : response.Body.WriteAsync(answer.Body, httpContext.RequestAborted).AsTask();
        }
    }
}
