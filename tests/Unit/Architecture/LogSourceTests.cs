using System.Globalization;
using System.Text.RegularExpressions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Architecture;

/// <summary>Every log entry of the product is a definition with an event id of its own, and docs/observability.md lists it.</summary>
public sealed partial class LogSourceTests
{
    private static readonly Lazy<IReadOnlyList<(string File, string Text)>> Sources = new(Repository.ReadSources);

    [Fact]
    public void Definitions_AllOfThem_HaveAnEventIdOfTheirOwn()
    {
        var ids = Ids().ToList();
        Assert.True(ids.Count > 60, "The definitions were not found.");
        Assert.Empty(ids.GroupBy(static d => d.Id).Where(static group => group.Count() > 1).Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static d => d.File))}"));
    }

    [Fact]
    public void Definitions_AllOfThem_SayTheirEventId()
    {
        var without = Sources.Value.SelectMany(static s => Definition().Matches(s.Text).Where(static m => !IdOf().IsMatch(m.Value)).Select(m => $"{s.File}: {m.Value}"));
        Assert.Empty(without);
    }

    [Fact]
    public void Definitions_AllOfThem_AreInTheDocument()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "observability.md"));
        Assert.Empty(Ids().Where(d => !document.Contains($"| {d.Id.ToString(CultureInfo.InvariantCulture)} |", StringComparison.Ordinal)).Select(static d => $"{d.Id} of {d.File}"));
    }

    [Fact]
    public void Sources_OfTheProduct_LogByDefinitionsAlone() =>
        Assert.Empty(Sources.Value.SelectMany(static s => BareCall().Matches(s.Text).Select(m => $"{s.File}: {m.Value}")));

    [Theory]
    [InlineData("_logger.LogInformation(\"x\");", true)]
    [InlineData("logger?.LogError(exception, \"x\");", true)]
    [InlineData("services.Logger.Log(LogLevel.Debug, \"x\");", true)]
    [InlineData("LogFailed(logger, tenant, exception);", false)]
    [InlineData("logger.Completed(flow, id);", false)]
    public void BareCall_OfALogger_IsFound(string statement, bool expected) => Assert.Equal(expected, BareCall().IsMatch(statement));

    private static IEnumerable<(int Id, string File)> Ids() => Sources.Value.SelectMany(static s =>
        Definition().Matches(s.Text).Select(static m => IdOf().Match(m.Value)).Where(static m => m.Success)
            .Select(m => (int.Parse(m.Groups["id"].Value, CultureInfo.InvariantCulture), s.File)));

    [GeneratedRegex(@"\[LoggerMessage\([^\n]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^\[LoggerMessage\((EventId = )?(?<id>[0-9]{4})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex IdOf();

    [GeneratedRegex(@"[Ll]ogger\??\.Log(Trace|Debug|Information|Warning|Error|Critical)?\(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex BareCall();
}
