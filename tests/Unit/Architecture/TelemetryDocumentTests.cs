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
        var (own, shared, prefixes) = (Names(Instrument()), Names(SharedInstrument()), Names(Prefix()));
        Assert.True(shared.Count > 5 && prefixes.Count > 1, "The instruments that pools share were not found.");
        var made = own.Concat(prefixes.SelectMany(prefix => shared.Select(name => prefix + name))).Order(StringComparer.Ordinal).ToList();
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

    private static List<string> Names(Regex regex) => [.. Repository.ReadSources().SelectMany(source => regex.Matches(source.Text).Select(static m => m.Groups["name"].Value))];

    // Pools of processes have the same instruments under a prefix of their own.
    [GeneratedRegex("""Create[A-Za-z]+(<[a-z]+>)?\(\s*\$"\{prefix\}(?<name>\.[a-z.]+)"[\s,]""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SharedInstrument();

    [GeneratedRegex("""base\(meter, "(?<name>midnight\.[a-z.]+)",""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Prefix();

    [GeneratedRegex("""Create[A-Za-z]+(<[a-z]+>)?\(\s*"(?<name>midnight\.[a-z.]+)"[\s,]""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Instrument();

    [GeneratedRegex("`(?<name>midnight\\.[a-z.]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Told();

    [GeneratedRegex("""(string [A-Za-z]*Name = |new\()"(?<name>MidnightOS\.[A-Za-z.]+)"\)?;""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SourceName();
}
