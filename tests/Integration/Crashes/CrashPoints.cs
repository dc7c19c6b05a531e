using System.Diagnostics;
using System.Text.RegularExpressions;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>Kills this process at the first boundary of its kind at which no process of the test died before.</summary>
/// <param name="pattern">A regular expression: the boundaries that count.</param>
/// <param name="deaths">The file with the boundaries at which processes died, one a line.</param>
internal sealed class CrashPoints(string pattern, string deaths)
{
    // Some steps write at every attempt, so their commits would never run out.
    private const int CommitsPerCall = 4;

    private readonly AsyncLocal<StepStage?> _step = new();
    private readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Lazy<HashSet<string>> _known = new(() => File.Exists(deaths) ? [.. File.ReadAllLines(deaths)] : []);

    /// <summary>From now on boundaries kill.</summary>
    public void Arm() => _armed.TrySetResult();

    /// <summary>Remembers the step that the calling code is about to run.</summary>
    public void Enter(StepStage stage) => _step.Value = stage;

    /// <summary>A boundary of the watched work: until the test has armed this process, the work waits there.</summary>
    public void Cross(string boundary)
    {
        if (Counts(boundary))
        {
            _armed.Task.Wait();
            DieOnce(boundary);
        }
    }

    /// <summary>A batch was committed: inside a step a boundary of that step, else one that is named by the kinds of documents.</summary>
    public void CrossCommit(string kinds)
    {
        if (_step.Value is { } stage)
        {
            var call = $"{CrashObserver.NameOf(stage)} commit";
            var number = _known.Value.Count(known => known.StartsWith(call, StringComparison.Ordinal)) + 1;
            if (number <= CommitsPerCall)
            {
                Cross($"{call} {number}");
            }
        }
        else if (_armed.Task.IsCompleted && Counts($"commit: {kinds}"))
        {
            DieOnce($"commit: {kinds}");
        }
    }

    private bool Counts(string boundary) => Regex.IsMatch(boundary, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private void DieOnce(string boundary)
    {
        lock (_gate)
        {
            if (_known.Value.Contains(boundary))
            {
                return;
            }

            File.AppendAllText(deaths, boundary + "\n");
            using var self = Process.GetCurrentProcess();
            self.Kill();

            // The signal is on its way; what comes after the boundary must not run.
            Thread.Sleep(Timeout.Infinite);
        }
    }
}

/// <summary>Reports the boundaries of flows.</summary>
/// <remarks>That a flow ends or begins to wait is journalled with the step before: there is no boundary between the two.</remarks>
internal sealed class CrashObserver(CrashPoints points) : IFlowObserver
{
    public static string NameOf(StepStage stage) => $"{stage.Flow}: {stage.Step}#{stage.Key.Sequence}";

    public void OnStepStarting(StepStage stage)
    {
        points.Enter(stage);
        points.Cross($"{NameOf(stage)} starting");
    }

    public void OnStepReturned(StepStage stage) => points.Cross($"{NameOf(stage)} returned");

    public void OnStepJournalled(StepStage stage) => points.Cross($"{NameOf(stage)} journalled");
}
