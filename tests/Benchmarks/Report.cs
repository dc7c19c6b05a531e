using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace MidnightOS.Tests.Benchmarks;

/// <summary>The figures of a run as a table for people and as JSON for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Table(IReadOnlyList<Figure> figures)
    {
        string[][] rows =
        [
            ["figure", "measured", "bound", "ratio", "target", ""],
            .. figures.Select(static f => new[]
            {
                f.Name, $"{Number(f.Value)} {f.Unit}", f.Bound is { } bound ? $"{Number(bound)} {f.Unit} ({f.BoundIs})" : "",
                f.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "", f.Target ?? "", f.Met switch { true => "met", false => "MISSED", null => "reported" },
            }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    public static string ToJson(IReadOnlyList<Figure> figures, DateTimeOffset at) => JsonSerializer.Serialize(
        new { at, machine = new { cores = Environment.ProcessorCount, os = RuntimeInformation.OSDescription, runtime = RuntimeInformation.FrameworkDescription }, figures },
        Json);

    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
