using System.Globalization;

namespace MidnightOS.Tests.Benchmarks;

/// <summary>One measured figure, against a bound that was measured in the same run.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Bound">The bound's value, in the same unit; null for a figure that is only reported.</param>
/// <param name="BoundIs">What the bound is.</param>
/// <param name="Ratio">Value to bound.</param>
/// <param name="Target">The ratio that is wanted, as text such as <c>≥ 0.50</c>.</param>
/// <param name="Met">Whether it is reached; null for a figure that is only reported.</param>
internal sealed record Figure(
    string Name, double Value, string Unit, double? Bound = null, string? BoundIs = null, double? Ratio = null, string? Target = null, bool? Met = null)
{
    /// <summary>A figure that is to be at least a part of its bound.</summary>
    public static Figure AtLeast(string name, double value, string unit, double bound, string boundIs, double least) =>
        new(name, value, unit, bound, boundIs, value / bound, $"≥ {least.ToString("0.00", CultureInfo.InvariantCulture)}", value / bound >= least);

    /// <summary>A figure that is to be at most a multiple of its bound.</summary>
    public static Figure AtMost(string name, double value, string unit, double bound, string boundIs, double most) =>
        new(name, value, unit, bound, boundIs, value / bound, $"≤ {most.ToString("0.00", CultureInfo.InvariantCulture)}", value / bound <= most);
}

/// <summary>Percentiles of samples.</summary>
internal static class Samples
{
    /// <summary>The nearest-rank percentile.</summary>
    public static double Percentile(IReadOnlyCollection<double> samples, double percent)
    {
        var sorted = samples.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>The median.</summary>
    public static double Median(IReadOnlyCollection<double> samples) => Percentile(samples, 50);
}
