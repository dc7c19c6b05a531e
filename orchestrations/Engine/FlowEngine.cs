using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>The embedded host of flows: takes flows that are due from the journal, runs them, and renews their leases.</summary>
/// <remarks>One loop does both in this order with one reading of the clock, so a host never sees its own leases as run out.</remarks>
internal sealed class FlowEngine(FlowRunServices services, IFlowRegistry flows, IOptions<FlowEngineOptions> options, ILogger<FlowEngine> logger)
    : IHostedService, IDisposable
{
    private const int PurgeBatch = 200;
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, FlowRun> _runs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Signal _signal = new();
    private readonly FlowEngineOptions _options = options.Value;
    private DateTimeOffset _renewAt;
    private DateTimeOffset _purgeAt;
    private Task _loop = Task.CompletedTask;
    private int _disposed;
    private int _active;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Stops the steps, waits for them, and gives all flows back; what is not back when the token ends is taken over when its lease ran out.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _signal.Set();
        try
        {
            await _loop.WaitAsync(cancellationToken);
        }
        finally
        {
            await _abandoned.CancelAsync();
        }
    }

    /// <summary>Looks for due flows at once, and wakes the flow if it runs here.</summary>
    public void Wake(string flowId)
    {
        if (_runs.TryGetValue(flowId, out var run))
        {
            run.Wake();
        }

        _signal.Set();
    }

    /// <summary>Ends as a crash would: nothing more is written and no lease is given back.</summary>
    public void Abandon() => _abandoned.Cancel();

    public void Dispose()
    {
        // The container knows the engine by two registrations and disposes each.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _abandoned.Cancel();
            _stopping.Dispose();
            _abandoned.Dispose();
        }
    }

    private async Task LoopAsync()
    {
        try
        {
            while (!(_stopping.IsCancellationRequested && Volatile.Read(ref _active) == 0))
            {
                await _signal.WaitAsync(await TryPassAsync(), services.Time, _abandoned.Token);
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // Ended as a crash would.
        }
    }

    private async Task<TimeSpan> TryPassAsync()
    {
        try
        {
            return await PassAsync(services.Now(), _abandoned.Token);
        }
        catch (Exception exception) when (!_abandoned.IsCancellationRequested)
        {
            logger.JournalUnreachable(exception);
            return _options.PollInterval;
        }
    }

    /// <returns>How long to wait for the next pass unless woken.</returns>
    private async Task<TimeSpan> PassAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now >= _renewAt)
        {
            await RenewAsync(now, cancellationToken);
            _renewAt = now + (_options.LeaseDuration / 3);
        }

        var wait = Min(_options.PollInterval, _renewAt - now);
        var free = _options.MaxConcurrent - Volatile.Read(ref _active);
        if (_stopping.IsCancellationRequested || free <= 0)
        {
            return wait;
        }

        var query = new FlowClaimQuery(flows.Names, free, now, now + _options.LeaseDuration);
        var claims = await services.Journal.ClaimAsync(query, cancellationToken);
        foreach (var claim in claims.Claims)
        {
            Run(claim);
        }

        await PurgeAsync(now, cancellationToken);
        return claims.NextDue is { } due && claims.Claims.Count < free ? Min(wait, due - now) : wait;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async Task RenewAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runs = _runs.Values.ToList();
        if (runs.Count == 0)
        {
            return;
        }

        var held = await services.Journal.RenewAsync([.. runs.Select(r => r.Lease)], now + _options.LeaseDuration, cancellationToken);
        foreach (var run in runs.Where(r => !held.Contains(r.Lease.FlowId)))
        {
            run.Lose();
        }
    }

    private async Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _purgeAt)
        {
            return;
        }

        var before = now - _options.Retention;
        var count = await services.Journal.PurgeAsync(before, PurgeBatch, cancellationToken);
        _purgeAt = count == PurgeBatch ? now : now + PurgeInterval;
        if (count > 0)
        {
            logger.Purged(count, before);
        }
    }

    private void Run(FlowClaim claim)
    {
        var run = new FlowRun(claim, services, _stopping.Token);
        _runs[claim.Lease.FlowId] = run;
        Interlocked.Increment(ref _active);
        services.Metrics.Active(1);
        _ = Task.Run(() => RunAsync(run, claim), CancellationToken.None);
    }

    private async Task RunAsync(FlowRun run, FlowClaim claim)
    {
        try
        {
            await run.RunAsync(_abandoned.Token);
        }
        catch (Exception exception) when (!_abandoned.IsCancellationRequested)
        {
            logger.Interrupted(exception, claim.Flow, claim.Lease.FlowId);
        }
        catch (Exception) when (_abandoned.IsCancellationRequested)
        {
            // Ended as a crash would.
        }

        // The flow may have become due again and run here under a later lease: that run stays.
        _runs.TryRemove(KeyValuePair.Create(claim.Lease.FlowId, run));
        run.Dispose();
        services.Metrics.Active(-1);
        Interlocked.Decrement(ref _active);
        _signal.Set();
    }
}
