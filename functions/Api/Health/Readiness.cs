using MidnightOS.Core.Health;

namespace MidnightOS.Api.Health;

/// <summary>Asks every dependency whether it can be used, all at once, not for long, and not more often than once a second however many ask.</summary>
internal sealed class Readiness(IEnumerable<IReadinessProbe> probes, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<ReadinessResponse>? _latest;
    private DateTimeOffset _askedAt;

    public Task<ReadinessResponse> CheckAsync()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_latest is null || (_latest.IsCompleted && now - _askedAt >= Fresh))
            {
                _askedAt = now;
                _latest = CheckAllAsync();
            }

            return _latest;
        }
    }

    private async Task<ReadinessResponse> CheckAllAsync()
    {
        var dependencies = await Task.WhenAll(probes.Select(CheckAsync));
        return new ReadinessResponse(Array.TrueForAll(dependencies, static d => d.State == DependencyState.Up) ? "ready" : "unavailable", dependencies);
    }

    private async Task<DependencyResponse> CheckAsync(IReadinessProbe probe)
    {
        var start = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(Patience, time);
        var state = DependencyState.Up;
        try
        {
            // WaitAsync bounds a probe that does not look at its token.
            await probe.CheckAsync(timeout.Token).WaitAsync(timeout.Token);
        }
        catch (Exception)
        {
            // Whatever a probe throws means the same: this dependency cannot be used now.
            state = DependencyState.Down;
        }

        return new DependencyResponse(probe.Name, state, Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1));
    }
}

/// <summary>Whether requests can be served.</summary>
/// <param name="Status"><c>ready</c> or <c>unavailable</c>.</param>
/// <param name="Dependencies">Each dependency.</param>
internal sealed record ReadinessResponse(string Status, IReadOnlyList<DependencyResponse> Dependencies);

/// <summary>One dependency.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Whether it can be used now.</param>
/// <param name="LatencyMs">Milliseconds that the check took.</param>
internal sealed record DependencyResponse(string Name, DependencyState State, double LatencyMs);

internal enum DependencyState
{
    Up,
    Down,
}
