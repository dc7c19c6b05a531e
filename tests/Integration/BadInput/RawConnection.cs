using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>What came back, byte by byte. Status 0: the connection was closed without an answer.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static readonly RawAnswer None = new(0, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), "");

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public bool IsStream => Header("Content-Type").StartsWith("text/event-stream", StringComparison.Ordinal);
}

/// <summary>HTTP/1.1 over a socket, with nothing between the test and the bytes. Stays open from request to request as long as the server lets it.</summary>
internal sealed class RawConnection(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _client;
    private int _start;
    private int _end;

    /// <summary>Sends bytes and reads one answer.</summary>
    /// <param name="request">A whole request, or less of one.</param>
    /// <param name="method">Of the request; the answer to a HEAD has no body.</param>
    /// <param name="endsThere">Whether the sending side is closed after these bytes.</param>
    public async Task<RawAnswer> SendAsync(byte[] request, string method = "GET", bool endsThere = false)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var fresh = _client is null;
        var answer = await TryAsync(request, method, endsThere, limit.Token);

        // A connection that was kept may have been closed by the server before this request reached it.
        return answer.Status == 0 && !fresh ? await TryAsync(request, method, endsThere, limit.Token) : answer;
    }

    public void Dispose() => Close();

    private async Task<RawAnswer> TryAsync(byte[] request, string method, bool endsThere, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await OpenAsync(cancellationToken);
            await WriteAsync(stream, request, endsThere, cancellationToken);
            var answer = await ReadAsync(stream, method, cancellationToken);
            if (answer.Status == 0 || endsThere || answer.IsStream || answer.Header("Connection").Equals("close", StringComparison.OrdinalIgnoreCase))
            {
                Close();
            }

            return answer;
        }
        catch (IOException)
        {
            Close();
            return RawAnswer.None;
        }
    }

    private async Task WriteAsync(NetworkStream stream, byte[] request, bool endsThere, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            if (endsThere)
            {
                _client!.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The server may answer and close before it has read everything; the answer is read all the same.
        }
    }

    private async Task<RawAnswer> ReadAsync(NetworkStream stream, string method, CancellationToken cancellationToken)
    {
        string head;
        int status;
        do
        {
            head = await ReadUntilAsync(stream, "\r\n\r\n"u8.ToArray(), cancellationToken);
            if (head.Length < 12 || !int.TryParse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status))
            {
                return RawAnswer.None;
            }
        }
        while (status == 100);

        var headers = HeadersOf(head);
        var answer = new RawAnswer(status, headers, "");
        if (method == "HEAD" || status is 204 or 304 || answer.IsStream)
        {
            return answer;
        }

        return answer with
        {
            Body = answer.Header("Transfer-Encoding") == "chunked" ? await ReadChunksAsync(stream, cancellationToken)
                : int.TryParse(answer.Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? await ReadExactlyAsync(stream, length, cancellationToken)
                : "",
        };
    }

    private async Task<string> ReadChunksAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = await ReadUntilAsync(stream, "\r\n"u8.ToArray(), cancellationToken);
            var size = int.Parse(line.AsSpan().TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = await ReadExactlyAsync(stream, size + 2, cancellationToken);
            if (size == 0)
            {
                return body.ToString();
            }

            body.Append(chunk.AsSpan(0, chunk.Length - 2));
        }
    }

    private async Task<string> ReadExactlyAsync(NetworkStream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length; read++)
        {
            bytes[read] = await NextAsync(stream, cancellationToken) is { } next ? next : throw new IOException("The answer is cut off.");
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<string> ReadUntilAsync(NetworkStream stream, byte[] end, CancellationToken cancellationToken)
    {
        var bytes = new List<byte>();
        while (await NextAsync(stream, cancellationToken) is { } next)
        {
            bytes.Add(next);
            if (bytes.Count >= end.Length && bytes[^1] == end[^1] && bytes.TakeLast(end.Length).SequenceEqual(end))
            {
                break;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private async ValueTask<byte?> NextAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
        }

        return _end == 0 ? null : _buffer[_start++];
    }

    private static Dictionary<string, string> HeadersOf(string head)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return headers;
    }

    private async Task<NetworkStream> OpenAsync(CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            (_start, _end) = (0, 0);
            await _client.ConnectAsync(address.Host, address.Port, cancellationToken);
        }

        return _client.GetStream();
    }

    private void Close()
    {
        _client?.Dispose();
        _client = null;
    }
}
