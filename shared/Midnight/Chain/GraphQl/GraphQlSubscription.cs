using System.Text.Json;
using System.Threading.Channels;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>One subscription on a shared socket, with a bounded buffer between the socket and its reader.</summary>
/// <remarks>
/// The sub-protocol has no flow control for one subscription. A full buffer therefore ends the subscription instead of
/// holding up the others; the reader empties the buffer and resumes from there.
/// </remarks>
internal sealed class GraphQlSubscription(string id, GraphQlRequest request, ChainResilienceOptions options, Func<GraphQlSubscription, ValueTask> release)
    : IAsyncDisposable
{
    private readonly Channel<(JsonElement Payload, int Size)> _buffer =
        Channel.CreateBounded<(JsonElement, int)>(new BoundedChannelOptions(options.SubscriptionBuffer) { SingleReader = true, SingleWriter = true });

    private readonly int _most = options.MaxResponseBytes / 4;
    private int _bytes;

    public string Id { get; } = id;

    public GraphQlRequest Request { get; } = request;

    /// <summary>Puts an event into the buffer; false when there is no room.</summary>
    public bool TryDeliver(JsonElement payload, int size)
    {
        var held = Volatile.Read(ref _bytes);
        if ((held > 0 && held + size > _most) || !_buffer.Writer.TryWrite((payload, size)))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, size);
        return true;
    }

    /// <summary>Ends it; the reader gets what the buffer holds, then this exception.</summary>
    public void End(Exception why) => _buffer.Writer.TryComplete(why);

    /// <summary>The next event. When there is none any more, the exception that ended it.</summary>
    public async ValueTask<JsonElement> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (payload, size) = await _buffer.Reader.ReadAsync(cancellationToken);
            Interlocked.Add(ref _bytes, -size);
            return payload;
        }
        catch (ChannelClosedException exception)
        {
            throw exception.InnerException ?? new SubscriptionEndedException(SubscriptionEnd.Closed, "The subscription is closed.");
        }
    }

    /// <summary>Tells the server that nobody reads it any more.</summary>
    public ValueTask DisposeAsync() => release(this);
}
