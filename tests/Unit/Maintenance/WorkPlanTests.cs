using System.Text.RegularExpressions;
using MidnightOS.Core.Maintenance;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Maintenance;

/// <summary>Each background work has its place in the azure edition, and its timer calls it within what it promises.</summary>
public sealed partial class WorkPlanTests
{
    /// <summary>Works of one edition alone.</summary>
    private static readonly Dictionary<string, string> EmbeddedOnly = new(StringComparer.Ordinal)
    {
        ["storage-sweep"] = "sweeps the SQLite and file stores; in Azure, tables have a sweep of their own and documents expire by themselves",
    };

    [Fact]
    public void Works_OfTheSources_AreEachInExactlyOneApp()
    {
        var works = Repository.ReadSources().Where(static s => Implements().IsMatch(s.Text)).Select(static s => Name().Match(s.Text).Groups["name"].Value).ToList();
        Assert.True(works.Count >= 9, "The works were not found.");
        Assert.Equal(
            works.Except(EmbeddedOnly.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            WorkPlan.All.Select(static planned => planned.Name).Order(StringComparer.Ordinal));
        Assert.All(EmbeddedOnly.Keys, name => Assert.Contains(name, works));
    }

    [Fact]
    public void Budget_OfEachWork_EndsBeforeTheNextCall() =>
        Assert.All(WorkPlan.All, static planned => Assert.True(planned.Budget > TimeSpan.Zero && planned.Budget < BetweenCalls(planned.Schedule), planned.Name));

    [Fact]
    public async Task Run_WhileThereIsMore_GoesOnWithWhatIsLeftOfTheBudget()
    {
        var time = new ManualTimeProvider();
        var work = new Work(WorkPlan.Outbox, budget =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return true;
        });
        await new RunPlannedWork([new Work(WorkPlan.Custody, static _ => throw new InvalidOperationException("another app's")), work], time)
            .RunAsync(WorkPlan.Outbox, CancellationToken.None);
        Assert.Equal([25, 15, 5], work.Budgets.Select(static budget => budget.TotalSeconds));
    }

    [Fact]
    public async Task Run_NothingMore_EndsAtOnce()
    {
        var work = new Work(WorkPlan.EraseCalls, static _ => false);
        await new RunPlannedWork([work], new ManualTimeProvider()).RunAsync(WorkPlan.EraseCalls, CancellationToken.None);
        Assert.Single(work.Budgets);
    }

    [Fact]
    public async Task Run_WorkFails_ThrowsSoThatTheCallCountsAsFailed() =>
        await Assert.ThrowsAsync<TimeoutException>(() =>
            new RunPlannedWork([new Work(WorkPlan.EraseCalls, static _ => throw new TimeoutException())], new ManualTimeProvider()).RunAsync(WorkPlan.EraseCalls, CancellationToken.None));

    private static TimeSpan BetweenCalls(string schedule) => schedule.StartsWith("*/", StringComparison.Ordinal)
        ? TimeSpan.FromSeconds(int.Parse(schedule[2..schedule.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture))
        : schedule == WorkPlan.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1);

    [GeneratedRegex(@"class \w+[^{;]*?:\s*[^{;]*\bIBackgroundWork\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Implements();

    [GeneratedRegex(@"public string Name => ""(?<name>[a-z-]+)"";", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Name();

    private sealed class Work(string name, Func<TimeSpan, bool> run) : IBackgroundWork
    {
        public List<TimeSpan> Budgets { get; } = [];

        public string Name => name;

        public TimeSpan Interval => TimeSpan.FromSeconds(1);

        public Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
        {
            Budgets.Add(budget);
            return Task.FromResult(run(budget));
        }
    }
}
