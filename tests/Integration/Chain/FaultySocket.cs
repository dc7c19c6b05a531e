using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace MidnightOS.Tests.Integration.Chain;

/// <summary>The server's side of one WebSocket, moved by a test message by message.</summary>
internal sealed class FaultySocket(WebSocket socket, Action abort)
{
    private readonly Channel<JsonElement> _received = Channel.CreateUnbounded<JsonElement>();

    /// <summary>How the client ended it: its close status, or null when it just went away.</summary>
    public TaskCompletionSource<WebSocketCloseStatus?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task AcknowledgeAsync()
    {
        Assert.Equal("connection_init", (await ReceiveAsync()).GetProperty("type").GetString());
        await SendAsync("""{"type":"connection_ack"}""");
    }

    public Task<JsonElement> ReceiveAsync() => _received.Reader.ReadAsync().Reason();

    /// <summary>The next message has to be a subscription.</summary>
    public async Task<Subscribed> SubscribedAsync()
    {
        var message = await ReceiveAsync();
        Assert.Equal("subscribe", message.GetProperty("type").GetString());
        return new Subscribed(message.GetProperty("id").GetString()!, message.GetProperty("payload").GetProperty("variables"));
    }

    /// <summary>Whether the client still listens.</summary>
    public bool IsOpen => socket.State is WebSocketState.Open;

    /// <summary>Whether a message of the client waits.</summary>
    public bool HasReceived => _received.Reader.TryPeek(out _);

    /// <summary>The next subscription, whatever else comes before it; null when the client is gone.</summary>
    public async Task<Subscribed?> NextSubscribedAsync()
    {
        await foreach (var message in _received.Reader.ReadAllAsync())
        {
            if (message.GetProperty("type").GetString() == "subscribe")
            {
                return new Subscribed(message.GetProperty("id").GetString()!, message.GetProperty("payload").GetProperty("variables"));
            }
        }

        return null;
    }

    public async Task CompletedAsync(string id)
    {
        var message = await ReceiveAsync();
        Assert.Equal("complete", message.GetProperty("type").GetString());
        Assert.Equal(id, message.GetProperty("id").GetString());
    }

    public Task SendAsync(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public Task NextAsync(string id, string payload) => SendAsync($$"""{"type":"next","id":"{{id}}","payload":{{payload}}}""");

    public Task CloseAsync(int status) => socket.CloseOutputAsync((WebSocketCloseStatus)status, "test", CancellationToken.None);

    public void Abort() => abort();

    /// <summary>Reads until the client is gone: to its last byte, since the end of a connection can be told before what came on it was read.</summary>
    public async Task PumpAsync()
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.GetMemory(4096), CancellationToken.None);
                if (result.MessageType is WebSocketMessageType.Close)
                {
                    Ended.TrySetResult(socket.CloseStatus);
                    return;
                }

                buffer.Advance(result.Count);
                if (result.EndOfMessage)
                {
                    await _received.Writer.WriteAsync(JsonSerializer.Deserialize<JsonElement>(buffer.WrittenSpan), CancellationToken.None);
                    buffer.ResetWrittenCount();
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            Ended.TrySetResult(null);
        }
        finally
        {
            _received.Writer.TryComplete();
        }
    }

    internal sealed record Subscribed(string Id, JsonElement Variables)
    {
        public long From => Variables.GetProperty("from").GetInt64();
    }
}
