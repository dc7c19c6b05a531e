using MidnightOS.Tests.Soak.Hosts;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>A host whose clock jumps forward by hours and back by minutes, and further from that of the chain each time.</summary>
internal sealed class ClockJumps : IScenario
{
    // A key is remembered for 24 hours: beyond them the same request is a new one.
    private static readonly TimeSpan Furthest = TimeSpan.FromHours(20);

    private TimeSpan _ahead;

    public string Name => "clock";

    public async Task RunAsync(SoakRun run, CancellationToken cancellationToken)
    {
        await run.BeginAsync([typeof(ClockJumps).Assembly.Location, JumpingHost.Verb], run.OwnDevnet, new Uri($"http://127.0.0.1:{run.IndexerPort}"));
        await new FaultLoop(run).RunAsync(() => JumpAsync(run, cancellationToken), cancellationToken);
        await run.FinishAsync();
    }

    private async Task JumpAsync(SoakRun run, CancellationToken cancellationToken)
    {
        var back = run.Random.Next(3) == 0 || _ahead > Furthest;
        var by = back ? -TimeSpan.FromMinutes(1 + (run.Random.NextDouble() * 30)) : TimeSpan.FromMinutes(20 + (run.Random.NextDouble() * 160));
        by = _ahead + by > Furthest ? -TimeSpan.FromMinutes(15) : by;
        _ahead += by;
        await run.Host.Current.TellAsync($"jump {by.TotalSeconds:f0}");
        run.Findings.Count(by < TimeSpan.Zero ? "jumps back" : "jumps forward");
        run.Findings.Set("minutes ahead", (long)_ahead.TotalMinutes);
        await Task.Delay(run.Random.Next(2_000, 6_000), cancellationToken);
    }
}
