using System.Globalization;
using System.Text.RegularExpressions;

namespace MidnightOS.Tests.Integration.Telemetry;

/// <summary>One sample of an exposition.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A reader of Prometheus' text format 0.0.4 that refuses whatever breaks its rules.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.</remarks>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly List<Sample> _samples = [];
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);

    private Exposition()
    {
    }

    public IReadOnlyDictionary<string, string> Types => _types;

    public IReadOnlyList<Sample> Samples => _samples;

    public static Exposition Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var exposition = new Exposition();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            exposition.Take(line);
        }

        exposition.CheckHistograms();
        return exposition;
    }

    /// <summary>The values of a metric whose labels are at least these.</summary>
    public IReadOnlyList<double> Of(string name, params (string Name, string Value)[] labels) =>
        [.. _samples.Where(s => s.Name == name && labels.All(label => s.Labels.GetValueOrDefault(label.Name) == label.Value)).Select(static s => s.Value)];

    private void Take(string line)
    {
        if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            var parts = line.Split(' ');
            Assert.Equal(4, parts.Length);
            Assert.Contains(parts[3], new[] { "counter", "gauge", "histogram", "summary", "untyped" });
            Assert.True(_types.TryAdd(parts[2], parts[3]), $"Two types: {line}");
            Assert.DoesNotContain(_samples, sample => FamilyOf(sample.Name) == parts[2]);
        }
        else if (!line.StartsWith('#'))
        {
            var match = SampleLine().Match(line);
            Assert.True(match.Success, $"No sample: {line}");
            var labels = LabelPair().Matches(match.Groups["labels"].Value).ToDictionary(static m => m.Groups["name"].Value, static m => m.Groups["value"].Value, StringComparer.Ordinal);
            Assert.True(_series.Add($"{match.Groups["name"].Value}{{{match.Groups["labels"].Value}}}"), $"Told twice: {line}");
            Assert.True(_types.ContainsKey(FamilyOf(match.Groups["name"].Value)), $"Without a type: {line}");
            var value = match.Groups["value"].Value switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, var number => double.Parse(number, CultureInfo.InvariantCulture) };
            _samples.Add(new Sample(match.Groups["name"].Value, labels, value));
        }
    }

    private string FamilyOf(string name)
    {
        var family = Suffix().Replace(name, "");
        return _types.GetValueOrDefault(family) == "histogram" ? family : name;
    }

    // The buckets rise to +Inf, which is the count.
    private void CheckHistograms()
    {
        foreach (var family in _types.Where(static type => type.Value == "histogram").Select(static type => type.Key))
        {
            foreach (var series in _samples.Where(s => s.Name == $"{family}_bucket").GroupBy(static s => KeyOf(s, "le")))
            {
                var values = series.Select(static s => s.Value).ToList();
                Assert.Equal(values.Order(), values);
                Assert.Equal("+Inf", series.Last().Labels["le"]);
                Assert.Equal(values[^1], Assert.Single(_samples, s => s.Name == $"{family}_count" && KeyOf(s, "le") == series.Key).Value);
                Assert.Single(_samples, s => s.Name == $"{family}_sum" && KeyOf(s, "le") == series.Key);
            }
        }
    }

    private static string KeyOf(Sample sample, string without) =>
        string.Join(',', sample.Labels.Where(label => label.Key != without).OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}"));

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*)\})? (?<value>[-+]?(Inf|NaN|[0-9.eE+-]+))( -?[0-9]+)?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\["\\n])*)" *""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LabelPair();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Suffix();
}
