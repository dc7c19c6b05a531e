using System.Buffers;
using System.Net.WebSockets;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>Whole messages over one WebSocket: sent one after the other, received within a size.</summary>
internal sealed class SocketTransport(int maxBytes) : IAsyncDisposable
{
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ClientWebSocket _socket = new();

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationTokenSource Ending { get; } = new();

    public string CloseReason => $"closed by the server {(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}".TrimEnd();

    /// <summary>Connects, introduces itself and waits for the acknowledgement.</summary>
    public async Task OpenAsync(Uri uri, CancellationToken cancellationToken)
    {
        _socket.Options.AddSubProtocol(SocketFrame.SubProtocol);
        await _socket.ConnectAsync(uri, cancellationToken);
        await _socket.SendAsync(SocketFrame.Init, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        var buffer = new ArrayBufferWriter<byte>();
        while (await ReceiveAsync(buffer, cancellationToken))
        {
            var frame = SocketFrame.Read(buffer.WrittenSpan);
            if (frame.Type == "connection_ack")
            {
                return;
            }

            if (frame.Type == "ping")
            {
                await _socket.SendAsync(SocketFrame.Pong, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            }
        }

        throw new WebSocketException($"Not acknowledged, {CloseReason}");
    }

    /// <summary>Sends a message. A failure ends the connection, which the receiving side sees and tells; it is not thrown.</summary>
    /// <param name="message">UTF-8 JSON.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn; a send that has begun is never cancelled, since that would abort the socket for everybody.</param>
    public async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            await InTurnAsync(() => _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, Ending.Token), cancellationToken);
        }
        catch (Exception exception) when (IsEnd(exception) && !cancellationToken.IsCancellationRequested)
        {
            Abort();
        }
    }

    /// <summary>Receives a message; false when the server closed.</summary>
    public async Task<bool> ReceiveAsync(ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.ResetWrittenCount();
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer.GetMemory(4096), cancellationToken);
            if (result.MessageType is WebSocketMessageType.Close)
            {
                return false;
            }

            buffer.Advance(result.Count);
            if (buffer.WrittenCount > maxBytes)
            {
                throw new WebSocketException("A message is too large.");
            }

            if (result.EndOfMessage)
            {
                return true;
            }
        }
    }

    public void Abort() => _socket.Abort();

    /// <summary>Says good-bye to a server that still listens, then ends the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await InTurnAsync(
                    () => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, Ending.Token), Ending.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Abort();
        }

        await Ending.CancelAsync();
    }

    private static bool IsEnd(Exception exception) =>
        exception is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;

    private async Task InTurnAsync(Func<Task> send, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await send();
        }
        finally
        {
            _sending.Release();
        }
    }
}
