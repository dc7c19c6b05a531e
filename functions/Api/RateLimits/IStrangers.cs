using System.Net;
using Microsoft.AspNetCore.Http;

namespace MidnightOS.Api.RateLimits;

/// <summary>Who is counted together before they are signed in.</summary>
internal interface IStrangers
{
    /// <summary>Whose count a request belongs to, and how many requests that count allows.</summary>
    /// <param name="context">The request.</param>
    /// <param name="perMinute">How many one of them may make.</param>
    (string Who, int Allowed) Of(HttpContext context, int perMinute);
}

/// <summary>Each by the address that the connection comes from.</summary>
internal sealed class StrangersByAddress : IStrangers
{
    public (string Who, int Allowed) Of(HttpContext context, int perMinute) => (RateLimitMiddleware.AddressOf(context.Connection.RemoteIpAddress), perMinute);
}

/// <summary>Each by the address that a trusted header tells; together when it tells none.</summary>
/// <remarks>Behind the functions' host the connection's address is a machine of the platform's, the same for many. To count by it would lock everybody out for one.</remarks>
/// <param name="header">The header; null when none can be trusted.</param>
internal sealed class StrangersByHeader(string? header) : IStrangers
{
    /// <summary>How many strangers' requests all of them together may make.</summary>
    public const int Together = 100;

    private const string Everybody = "everybody";

    public (string Who, int Allowed) Of(HttpContext context, int perMinute) =>
        header is not null && context.Request.Headers[header] is [{ } told] && IPEndPoint.TryParse(told, out var address)
            ? (RateLimitMiddleware.AddressOf(address.Address), perMinute)
            : (Everybody, (int)Math.Min(int.MaxValue, (long)perMinute * Together));
}
