using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Security;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.RateLimits;

/// <summary>Counts requests in windows of a minute, by user or, before sign-in, by address. The counters are shared by all hosts.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimitOptions options, ICounterStore counters, TimeProvider time)
{
    private const int WindowSeconds = 60;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>()?.Limit is not { } limit)
        {
            await next(context);
            return;
        }

        var now = time.GetUtcNow();
        var window = now.ToUnixTimeSeconds() / WindowSeconds;
        var end = DateTimeOffset.FromUnixTimeSeconds((window + 1) * WindowSeconds);
        var allowed = options.PerMinute(limit);
        var used = await counters.AddAsync($"rate|{limit}|{PartitionOf(context)}|{window}", 1, end, context.RequestAborted);
        ShowOnAnswer(context.Response, allowed, used, end);
        if (used <= allowed)
        {
            await next(context);
            return;
        }

        await context.Response.WriteAsync(
            new Error(ErrorCodes.RateLimited, "Too many requests in this minute. Try again when the next one begins.") { RetryAfter = end - now });
    }

    private static void ShowOnAnswer(HttpResponse response, int allowed, long used, DateTimeOffset end)
    {
        response.Headers["X-RateLimit-Limit"] = allowed.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Remaining"] = Math.Max(0, allowed - used).ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Reset"] = end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }

    private static string PartitionOf(HttpContext context) =>
        context.FindCaller() is { } caller ? $"{caller.Tenant}/{caller.UserId}" : AddressOf(context.Connection.RemoteIpAddress);

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
