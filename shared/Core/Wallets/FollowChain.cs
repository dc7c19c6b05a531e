using System.Globalization;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Storage;

namespace MidnightOS.Core.Wallets;

/// <summary>Follows the chain's blocks and brings every wallet that a block touches up to date. One instance follows at a time; the cost does not grow with the
/// number of wallets.</summary>
/// <remarks>Addresses lead to wallets by directory claims that were written before anyone knew the address, so no payment can come too early to be seen.</remarks>
public sealed partial class FollowChain(
    IChainIndexer indexer, IDirectory directory, ILeaseStore leases, SyncWallet sync, ChainCursor cursor, TimeProvider time, ILogger<FollowChain> logger)
    : IBackgroundWork
{

    // Short: until it has run out nobody sees what is paid to the wallets of a host that died.
    private static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    private const int MarkersPerRun = 100;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SaveAfter = TimeSpan.FromSeconds(1);

    // A block may touch many wallets; one after the other they could outlast the budget, and the next run would begin with the same block.
    private const int WalletsAtOnce = 8;

    // Of blocks that were made before the follower came: a wallet that many of them touch is read once for all of them.
    private const int BlocksAtOnce = 100;

    // Said once, not at every try.
    private bool _otherChain;

    /// <inheritdoc/>
    public string Name => "chain-follower";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    /// <summary>Follows for as long as the budget lasts, also when there is nothing new yet.</summary>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var lease = await leases.TryAcquireAsync("chain-follower", LeaseFor, cancellationToken);
        if (lease is null)
        {
            return false;
        }

        using var window = new CancellationTokenSource(budget, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(window.Token, cancellationToken);
        var keeping = KeepAsync(lease, window, stop.Token);
        try
        {
            return await FollowAsync(stop.Token);
        }
        catch (OperationCanceledException) when (window.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            await stop.CancelAsync();
            await keeping;
            await leases.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    // Whether or not there are blocks: a lease tells that its holder lives, not that the chain does.
    private async Task KeepAsync(Lease lease, CancellationTokenSource window, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await Task.Delay(RenewEvery, time, cancellationToken);
            }
            while (await leases.RenewAsync(lease, LeaseFor, cancellationToken));

            await window.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (StorageUnavailableException)
        {
            // Nobody can take it over either.
            await window.CancelAsync();
        }
    }

    private async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        var position = await cursor.ReadAsync(cancellationToken);
        var tip = position is null ? 0 : (await indexer.GetTipAsync(cancellationToken)).Height;
        if (tip < position?.Height)
        {
            OnOtherChain(() => LogChainBehind(logger, position.Height));
            return false;
        }

        var saved = time.GetTimestamp();
        List<ChainBlock> blocks = [];

        // The block at the cursor comes again, so that its hash shows whether this is still the same chain.
        await foreach (var block in indexer.WatchBlocksAsync(position?.Height, cancellationToken).WithCancellation(cancellationToken))
        {
            if (position?.Height == block.Height)
            {
                if (position.Hash != block.Hash)
                {
                    OnOtherChain(() => LogOtherChain(logger, block.Height, position.Hash, block.Hash));
                    return false;
                }

                _otherChain = false;
                await CatchUpAsync(cancellationToken);
                continue;
            }

            blocks.Add(block);
            if (block.Height < tip && blocks.Count < BlocksAtOnce)
            {
                continue;
            }

            var touched = blocks.SelectMany(static one => one.TouchedAddresses).ToHashSet(StringComparer.Ordinal);
            await TouchAsync(touched, cancellationToken);
            cursor.Seen(block);
            blocks.Clear();
            if (position is null || touched.Count > 0 || time.GetElapsedTime(saved) > SaveAfter)
            {
                position = new ChainPosition(block.Height, block.Hash);
                await cursor.WriteAsync(position, cancellationToken);
                saved = time.GetTimestamp();
            }
        }

        return true;
    }

    private void OnOtherChain(Action log)
    {
        if (!_otherChain)
        {
            _otherChain = true;
            log();
        }
    }

    // Wallets whose blocks nobody will tell again: made before the first block was followed, or left behind by a failure.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        foreach (var marker in await directory.ListDueAsync(Wallet.SyncQueue, time.GetUtcNow(), MarkersPerRun, cancellationToken))
        {
            await (await SyncAsync(marker.Tenant, marker.Subject, cancellationToken)
                ? directory.ClearAsync(marker, cancellationToken)
                : directory.PostponeAsync(marker, time.GetUtcNow() + TryAgainAfter, cancellationToken));
        }
    }

    private async Task TouchAsync(HashSet<string> addresses, CancellationToken cancellationToken)
    {
        var several = new ParallelOptions { MaxDegreeOfParallelism = WalletsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(addresses, several, async (address, stop) =>
        {
            var claim = await directory.FindAsync(new DirectoryKey(Wallet.AddressClaim, address), stop);
            if (claim is { Claim: var wallet } && !await SyncAsync(wallet.Tenant, wallet.Subject, stop))
            {
                await directory.MarkDueAsync(Wallet.SyncQueue, wallet.Tenant, wallet.Subject, time.GetUtcNow() + TryAgainAfter, stop);
            }
        });
    }

    // Anyone can pay a wallet anything: a payment that no book can hold must not keep every other wallet from the chain. An outage stops the follower instead.
    private async Task<bool> SyncAsync(TenantId tenant, string botId, CancellationToken cancellationToken)
    {
        try
        {
            await sync.RunAsync(tenant, botId, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not (ChainUnavailableException or StorageUnavailableException or OperationCanceledException))
        {
            LogWalletLeft(logger, tenant, botId, exception);
            return false;
        }
    }

    [LoggerMessage(2303, LogLevel.Critical, "The wallet of {BotId} of {Tenant} cannot be brought up to date now: its book stays where it is until it can.")]
    private static partial void LogWalletLeft(ILogger logger, TenantId tenant, string botId, Exception exception);

    [LoggerMessage(2301, LogLevel.Critical, "The chain ends before block {Height}, which this data folder has seen: it is not the chain that it belongs to.")]
    private static partial void LogChainBehind(ILogger logger, long height);

    [LoggerMessage(2302, LogLevel.Critical, "Block {Height} is {Actual}, but this data folder has seen {Expected}: it is not the chain that it belongs to.")]
    private static partial void LogOtherChain(ILogger logger, long height, string expected, string actual);
}

/// <summary>How far the chain was followed.</summary>
/// <param name="Height">The block.</param>
/// <param name="Hash">Its hash, hex.</param>
public sealed record ChainPosition(long Height, string Hash);

/// <summary>Keeps how far the chain was followed, for all instances.</summary>
public sealed class ChainCursor(IDirectory directory, NetworkProfile network)
{
    private ChainBlock? _seen;

    private DirectoryKey Key => new("chainCursor", network.Id.Name);

    /// <summary>The position that is stored; null before the first block.</summary>
    public async Task<ChainPosition?> ReadAsync(CancellationToken cancellationToken) =>
        await directory.FindAsync(Key, cancellationToken) is { Claim: { Data: { } hash } claim }
            ? new ChainPosition(long.Parse(claim.Subject, CultureInfo.InvariantCulture), hash)
            : null;

    /// <summary>The height that was followed to: by this process, or as stored by another.</summary>
    public async Task<long> HeightAsync(CancellationToken cancellationToken) =>
        Math.Max(Volatile.Read(ref _seen)?.Height ?? 0, (await ReadAsync(cancellationToken))?.Height ?? 0);

    /// <summary>The time of the block that this process followed last; null before the first.</summary>
    public DateTimeOffset? SeenAt => Volatile.Read(ref _seen)?.Time;

    internal void Seen(ChainBlock block) => Volatile.Write(ref _seen, block);

    internal async Task WriteAsync(ChainPosition position, CancellationToken cancellationToken)
    {
        var claim = new DirectoryClaim(TenantId.Platform, position.Height.ToString(CultureInfo.InvariantCulture), Data: position.Hash);
        var outcome = await directory.ClaimAsync(Key, claim, cancellationToken);
        if (!outcome.Created)
        {
            await directory.ReplaceAsync(Key, claim, outcome.Stored.ETag, cancellationToken);
        }
    }
}
