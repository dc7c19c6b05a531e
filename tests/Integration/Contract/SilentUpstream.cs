using System.Net;
using System.Net.Sockets;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>A service that takes connections and never says a word: worse than one that refuses them.</summary>
internal sealed class SilentUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentUpstream() => _listener.Start();

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>An address at which nothing listens.</summary>
    public static string Gone()
    {
        using var upstream = new SilentUpstream();
        return upstream.Address;
    }

    // Connections are made by the system's backlog; nobody accepts them.
    public void Dispose() => _listener.Dispose();
}
