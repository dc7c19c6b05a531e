namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>One kind of faults under load.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>Why it cannot run here; null when it can.</summary>
    string? CannotRunBecause => null;

    /// <summary>Runs it to the end of the faults and the checks. Violations are with the findings.</summary>
    Task RunAsync(SoakRun run, CancellationToken cancellationToken);
}
