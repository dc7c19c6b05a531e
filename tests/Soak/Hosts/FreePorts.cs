using System.Net;
using System.Net.Sockets;

namespace MidnightOS.Tests.Soak.Hosts;

internal static class FreePorts
{
    /// <summary>Different free ports; one host after the other uses them, as the product's own do with theirs.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(static listener => listener.Dispose());
        return ports;
    }
}
