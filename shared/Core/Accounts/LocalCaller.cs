using System.Net;

namespace MidnightOS.Core.Accounts;

/// <summary>Whether a request comes from this machine itself, for what is open to it without a credential.</summary>
/// <remarks>
/// A proxy on this machine speaks from loopback for the whole world: most give themselves away by a header or by the name that was asked for. One that sends
/// neither, as nginx unless it is told to, is not seen; docs/observability.md and the README say so. The name also gives away a web page whose name was pointed at this machine.
/// </remarks>
public static class LocalCaller
{
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Whether it does.</summary>
    /// <param name="remote">The other end of the connection; null when it is not known.</param>
    /// <param name="host">The name that was asked for, without port.</param>
    /// <param name="hasHeader">Whether the request has a header of this name.</param>
    public static bool Is(IPAddress? remote, string host, Func<string, bool> hasHeader) =>
        remote is not null && IPAddress.IsLoopback(remote) && !ForwardingHeaders.Any(hasHeader) && IsThisMachine(host);

    /// <summary>Whether a name can mean nothing but this machine.</summary>
    public static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
