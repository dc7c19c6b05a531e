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

    /// <summary>Reads until the client is gone.</summary>
    public async Task PumpAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (result.MessageType is WebSocketMessageType.Close)
                {
                    Ended.TrySetResult(socket.CloseStatus);
                    return;
                }

                Assert.True(result.EndOfMessage);
                await _received.Writer.WriteAsync(JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, result.Count)), CancellationToken.None);
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
