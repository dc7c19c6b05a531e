using MidnightOS.Core.Chain;

namespace MidnightOS.Core.Wallets;

/// <summary>The newest block's height, asked for at most once a second in this process.</summary>
public sealed class ChainTip(IChainIndexer indexer, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private (long? Height, long At)? _last;
    private long _highest;

    /// <summary>The height that was told last in this process; 0 before the first answer.</summary>
    public long LastKnown => Volatile.Read(ref _highest);

    /// <summary>The height; null when the indexer does not answer.</summary>
    public async Task<long?> HeightAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < FreshFor)
            {
                return last.Height;
            }

            var height = await AskAsync(cancellationToken);
            _last = (height, time.GetTimestamp());
            Volatile.Write(ref _highest, height ?? _highest);
            return height;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<long?> AskAsync(CancellationToken cancellationToken)
    {
        using var window = new CancellationTokenSource(AnswerWithin, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(window.Token, cancellationToken);
        try
        {
            return (await indexer.GetTipAsync(stop.Token)).Height;
        }
        catch (ChainUnavailableException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
