using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Security;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.RateLimits;

/// <summary>Counts requests in windows of a minute, by user or, before sign-in, as strangers are told apart. The counters are shared by all hosts.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimitOptions options, RequestRate rate, IStrangers strangers)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>()?.Limit is not { } limit)
        {
            await next(context);
            return;
        }

        var (who, allowed) = PartitionOf(context, options.PerMinute(limit));
        var count = await rate.CountAsync(limit.ToString(), who, allowed, context.RequestAborted);
        ShowOnAnswer(context.Response, count);
        if (!count.IsOver)
        {
            await next(context);
            return;
        }

        await context.Response.WriteAsync(
            new Error(ErrorCodes.RateLimited, "Too many requests in this minute. Try again when the next one begins.") { RetryAfter = count.Left });
    }

    private static void ShowOnAnswer(HttpResponse response, RateCount count)
    {
        response.Headers["X-RateLimit-Limit"] = count.Allowed.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Remaining"] = Math.Max(0, count.Allowed - count.Used).ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Reset"] = count.End.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A user, as what is counted together.</summary>
    internal static string UserOf(TenantId tenant, string userId) => $"{tenant}/{userId}";

    private (string Who, int Allowed) PartitionOf(HttpContext context, int perMinute) =>
        context.FindCaller() is { } caller ? (UserOf(caller.Tenant, caller.UserId), perMinute) : strangers.Of(context, perMinute);

    /// <summary>One IPv6 customer has at least a /64, so that is what is counted.</summary>
    internal static string AddressOf(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
