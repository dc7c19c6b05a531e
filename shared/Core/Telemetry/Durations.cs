using System.Diagnostics.Metrics;

namespace MidnightOS.Core.Telemetry;

/// <summary>Histograms of seconds with the same buckets everywhere, so that they can be laid over each other.</summary>
public static class Durations
{
    private static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    /// <summary>A histogram in seconds, from a millisecond to half an hour.</summary>
    public static Histogram<double> CreateDuration(this Meter meter, string name, string description)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateHistogram(name, "s", description, tags: null, Advice);
    }
}
