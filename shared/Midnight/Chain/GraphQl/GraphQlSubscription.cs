using System.Text.Json;
using System.Threading.Channels;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>One subscription on a shared socket, with a bounded buffer between the socket and its reader.</summary>
/// <remarks>
/// The sub-protocol has no flow control for one subscription. The socket waits a moment for a slow reader, which slows the
/// server down; a reader that stays too slow loses its subscription instead of holding up the others, empties its buffer and
/// resumes from there.
/// </remarks>
internal sealed class GraphQlSubscription(string id, GraphQlRequest request, ChainResilienceOptions options, Func<GraphQlSubscription, ValueTask> release)
    : IAsyncDisposable
{
    private readonly Channel<(JsonElement Payload, int Size)> _buffer =
        Channel.CreateBounded<(JsonElement, int)>(new BoundedChannelOptions(options.SubscriptionBuffer) { SingleReader = true, SingleWriter = true });

    private readonly int _most = options.MaxResponseBytes / 4;
    private readonly SemaphoreSlim _room = new(0, 1);
    private int _bytes;
    private volatile bool _unwanted;

    public string Id { get; } = id;

    public GraphQlRequest Request { get; } = request;

    /// <summary>Puts an event into the buffer, waiting a moment for room; false when there is none.</summary>
    public async ValueTask<bool> DeliverAsync(JsonElement payload, int size, TimeProvider time)
    {
        if (_unwanted || TryDeliver(payload, size))
        {
            return true;
        }

        using var patience = new CancellationTokenSource(options.SlowReaderPatience, time);
        try
        {
            do
            {
                await _room.WaitAsync(patience.Token);
            }
            while (!_unwanted && !TryDeliver(payload, size));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
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
            SignalRoom();
            return payload;
        }
        catch (ChannelClosedException exception)
        {
            throw exception.InnerException ?? new SubscriptionEndedException(SubscriptionEnd.Closed, "The subscription is closed.");
        }
    }

    /// <summary>Tells the server that nobody reads it any more.</summary>
    public ValueTask DisposeAsync()
    {
        _unwanted = true;
        SignalRoom();
        return release(this);
    }

    private bool TryDeliver(JsonElement payload, int size)
    {
        var held = Volatile.Read(ref _bytes);
        if ((held > 0 && held + size > _most) || !_buffer.Writer.TryWrite((payload, size)))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, size);
        return true;
    }

    // Only the reader signals, so that nobody else can have raised the count in between.
    private void SignalRoom()
    {
        if (_room.CurrentCount == 0)
        {
            _room.Release();
        }
    }
}
