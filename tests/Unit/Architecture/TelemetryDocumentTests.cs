using System.Text.RegularExpressions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Architecture;

/// <summary>docs/observability.md lists every meter, instrument and activity source of the product, and no other.</summary>
public sealed partial class TelemetryDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "observability.md"));

    [Fact]
    public void Instruments_OfTheDocument_AreThoseOfTheSources()
    {
        var made = Repository.ReadSources().SelectMany(static source => Instrument().Matches(source.Text).Select(static m => m.Groups["name"].Value)).Order(StringComparer.Ordinal).ToList();
        Assert.True(made.Count > 30, "The instruments were not found.");
        Assert.Equal(made, Told().Matches(Document).Select(static m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sources_OfTheProduct_AreInTheDocument()
    {
        var names = Repository.ReadSources().SelectMany(static source => SourceName().Matches(source.Text).Select(static m => m.Groups["name"].Value)).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(names.Count >= 7, "The names were not found.");
        Assert.All(names, static name => Assert.Contains($"| `{name}` |", Document, StringComparison.Ordinal));
    }

    [GeneratedRegex("""Create[A-Za-z]+(<[a-z]+>)?\(\s*"(?<name>midnight\.[a-z.]+)"[\s,]""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Instrument();

    [GeneratedRegex("`(?<name>midnight\\.[a-z.]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Told();

    [GeneratedRegex("""(string [A-Za-z]*Name = |new\()"(?<name>MidnightOS\.[A-Za-z.]+)"\)?;""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SourceName();
}
