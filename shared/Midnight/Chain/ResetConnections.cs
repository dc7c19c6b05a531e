using System.Net.Sockets;

namespace MidnightOS.Midnight.Chain;

/// <summary>Tells of a connection that was reset right after it was made as of every other outage.</summary>
/// <remarks>.NET asks a new connection for its remote end point and lets the <see cref="SocketException"/> of one that is gone by then through as it is
/// (<c>HttpConnectionPool.ConnectAsync</c> of .NET 10), so that it looks like a bug and not like an outage.</remarks>
internal sealed class ResetConnections : DelegatingHandler
{
    /// <summary>For a factory of clients, which sets what sends.</summary>
    public ResetConnections()
    {
    }

    /// <param name="sender">What sends.</param>
    public ResetConnections(HttpMessageHandler sender)
        : base(sender)
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, exception.Message, exception);
        }
    }
}
