using MidnightOS.Tests.Soak.Scenarios;

namespace MidnightOS.Tests.Soak;

/// <summary>Runs a scenario from its folder to its report.</summary>
internal static class ScenarioRunner
{
    /// <returns>Whether nothing was violated.</returns>
    public static async Task<bool> RunAsync(IScenario scenario, SoakOptions options, CancellationToken cancellationToken)
    {
        if (scenario.CannotRunBecause is { } reason)
        {
            Findings.Say($"{scenario.Name} is skipped: {reason}");
            return true;
        }

        await using var run = new SoakRun(options, cancellationToken);
        Findings.Say($"{scenario.Name}, seed {options.Seed}, folder {run.Folder}");
        try
        {
            await scenario.RunAsync(run, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            run.Findings.Violated($"The run could not go on: {exception.GetType().Name} {exception.Message} {exception.StackTrace}");
        }

        Report.Write(options, scenario.Name, run, run.Failures);
        await run.DisposeAsync();
        if (!run.KeepsFolder)
        {
            Directory.Delete(run.Folder, recursive: true);
        }

        return run.Findings.Violations.Count == 0;
    }
}
