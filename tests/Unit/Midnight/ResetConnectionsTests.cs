using System.Net.Sockets;
using MidnightOS.Midnight.Chain;

namespace MidnightOS.Tests.Unit.Midnight;

public sealed class ResetConnectionsTests
{
    [Fact]
    public async Task SendAsync_ConnectionIsGoneRightAfterItWasMade_IsAnOutage()
    {
        using var client = new HttpClient(new ResetConnections(new Gone()));

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.1:9/")));

        Assert.Equal(HttpRequestError.ConnectionError, thrown.HttpRequestError);
        Assert.Equal(SocketError.NotConnected, Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode);
    }

    // What the runtime's handler throws when the peer resets a connection before it is asked for its remote end point.
    private sealed class Gone : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new SocketException((int)SocketError.NotConnected));
    }
}
