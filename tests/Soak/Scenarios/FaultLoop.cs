using System.Diagnostics;
using System.Net;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>Faults one after the other, each followed by a rest in which the host has to recover by itself.</summary>
internal sealed class FaultLoop(SoakRun run)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);

    /// <param name="fault">Brings one fault and takes it away again.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(Func<Task> fault, CancellationToken cancellationToken)
    {
        await run.UnderLoadAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{run.Port}"), Timeout = TimeSpan.FromSeconds(20) };
        var limit = TimeSpan.FromMinutes(run.Options.Minutes);
        var time = Stopwatch.StartNew();
        while (time.Elapsed < limit)
        {
            await fault();
            run.Findings.Count("faults");
            await RecoverAsync(http, cancellationToken);
            await run.RestartCheck.CountAsync(cancellationToken);
            await run.RestartCheck.RunAsync(cancellationToken);
            Findings.Say($"{run.Findings.Of("faults")} faults, {run.Findings.Of("requests")} requests, {run.Findings.Of("sends accepted")} sends and "
                + $"{run.Findings.Of("chat sends accepted")} chat sends accepted, {run.Findings.Violations.Count} violations");
            await Task.Delay(run.Random.Next(1_000, 5_000), cancellationToken);
        }
    }

    private async Task RecoverAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var time = Stopwatch.StartNew();
        while (!await IsReadyAsync(http, cancellationToken))
        {
            if (run.Host.Current.HasExited)
            {
                run.Findings.Violated($"The host ended by itself with {run.Host.Current.ExitCode}.");
                await run.Host.StartAsync();
            }
            else if (time.Elapsed > Recovery)
            {
                run.Findings.Violated($"The host is not ready {Recovery} after the fault was taken away.");
                return;
            }

            await Task.Delay(250, cancellationToken);
        }

        var longest = Math.Max(run.Findings.Of("longest recovery, ms"), (long)time.Elapsed.TotalMilliseconds);
        run.Findings.Set("longest recovery, ms", longest);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready", cancellationToken);
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
