using MidnightOS.Tests.Soak.Hosts;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>SIGKILL at random moments: of the host (also while it starts), of its ledger processes, of its devnet, and of operator commands beside it.</summary>
internal sealed class Kills : IScenario
{
    private const string LedgerPart = "/ledger/src/";
    private const string DevnetPart = "/devnet/src/";
    private const int EarlyDeaths = 8;
    private const int LongLives = 12;

    public string Name => "kills";

    public async Task RunAsync(SoakRun run, CancellationToken cancellationToken)
    {
        await run.BeginAsync([SoakRun.Product], run.OwnDevnet, new Uri($"http://127.0.0.1:{run.IndexerPort}"));
        await run.UnderLoadAsync();
        using var rotating = new CancellationTokenSource();
        var rotation = new KeyRotations(run).RunAsync(rotating.Token, cancellationToken);
        var check = Task.CompletedTask;
        while (run.Findings.Of("kills") < run.Options.Kills)
        {
            cancellationToken.ThrowIfCancellationRequested();
            check = check.IsCompleted ? CheckAsync(run, check, cancellationToken) : check;
            await LiveAsync(run, cancellationToken);
            await KillHostAsync(run, "kills of the host");
            await BringBackAsync(run, cancellationToken);
        }

        await rotating.CancelAsync();
        await rotation;
        await check;
        await run.FinishAsync();
    }

    // What was accepted before is looked for on this host, or, should it die over it, on the next.
    private static async Task CheckAsync(SoakRun run, Task before, CancellationToken cancellationToken)
    {
        await before;
        await run.RestartCheck.CountAsync(cancellationToken);
        await run.RestartCheck.RunAsync(cancellationToken);
    }

    private static async Task LiveAsync(SoakRun run, CancellationToken cancellationToken)
    {
        // On a machine that starts it slowly it also works slowly; a life in which nothing can happen kills nothing.
        var longest = Math.Clamp((int)run.Host.StartedIn.TotalMilliseconds, 3_500, 7_000);
        var life = run.Random.Next(LongLives) == 0 ? longest * 3 : run.Random.Next(600, longest);
        var moments = Enumerable.Range(0, run.Random.Next(5)).Select(_ => run.Random.Next(life)).Order().Append(life);
        var now = 0;
        foreach (var moment in moments)
        {
            await Task.Delay(moment - now, cancellationToken);
            now = moment;
            if (run.Host.Current.HasExited)
            {
                run.Findings.Violated($"The host ended by itself with {run.Host.Current.ExitCode}.");
                return;
            }

            if (moment < life)
            {
                KillChild(run);
            }
        }
    }

    private static void KillChild(SoakRun run)
    {
        var (part, figure) = run.Random.Next(3) == 0 ? (DevnetPart, "kills of the devnet") : (LedgerPart, "kills of ledger processes");
        var children = ProcessTree.ChildrenOf(run.Host.Current.Id, part);
        if (children.Count > 0)
        {
            Posix.Send(children[run.Random.Next(children.Count)], Posix.Kill);
            Killed(run, figure);
        }
    }

    private static async Task BringBackAsync(SoakRun run, CancellationToken cancellationToken)
    {
        for (var early = run.Random.Next(EarlyDeaths) == 0; ; early = false)
        {
            if (!early)
            {
                await run.Host.StartAsync();
                return;
            }

            await run.Host.LaunchAsync();
            await Task.Delay(run.Random.Next(2_000), cancellationToken);
            await KillHostAsync(run, "kills of a starting host");
        }
    }

    private static async Task KillHostAsync(SoakRun run, string figure)
    {
        await run.Host.Current.EndAsync(Posix.Kill);
        Killed(run, figure);
    }

    private static void Killed(SoakRun run, string figure)
    {
        run.Findings.Count(figure);
        run.Findings.Count("kills");
        if (run.Findings.Of("kills") % 20 == 0)
        {
            Findings.Say($"{run.Findings.Of("kills")} kills, {run.Findings.Of("requests")} requests, {run.Findings.Of("sends accepted")} sends and "
                + $"{run.Findings.Of("chat sends accepted")} chat sends accepted, {run.Findings.Violations.Count} violations");
        }
    }
}
