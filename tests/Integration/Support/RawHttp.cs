using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MidnightOS.Tests.Integration.Support;

/// <summary>HTTP/1.1 byte by byte, for requests that no client library would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends a request and reads until the server closes.</summary>
    /// <param name="address">Where.</param>
    /// <param name="request">The whole request; <c>Connection: close</c> is its own business.</param>
    /// <returns>Status and all that came.</returns>
    public static async Task<(int Status, string Text)> SendAsync(Uri address, string request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // A server that closes before it has read everything resets the connection; what it answered has come before.
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        return (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0, text);
    }

    /// <summary>A request without a body, its target exactly as given.</summary>
    public static Task<(int Status, string Text)> SendAsync(Uri address, string method, string target, string token, params string[] headers) => SendAsync(
        address,
        $"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
            + string.Concat(headers.Select(static header => header + "\r\n")) + "\r\n");
}
