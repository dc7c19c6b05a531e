using System.Text.Json;

namespace MidnightOS.Tests.Soak;

/// <summary>What a run found, as a table and as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(SoakOptions options, string scenario, SoakRun run, IReadOnlyDictionary<string, long> failures)
    {
        var (findings, seconds) = (run.Findings, run.Time.Elapsed.TotalSeconds);
        Console.WriteLine();
        Console.WriteLine($"{scenario}, seed {options.Seed}, {seconds:f0} s");
        foreach (var (figure, count) in findings.Figures.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {figure,-48}{count,10}");
        }

        foreach (var (failure, count) in failures)
        {
            Console.WriteLine($"  logged {count} times: {failure}");
        }

        foreach (var violation in findings.Violations)
        {
            Console.WriteLine($"  VIOLATION {violation}");
        }

        Console.WriteLine($"  {"violations",-48}{findings.Violations.Count,10}");
        var json = JsonSerializer.Serialize(
            new { scenario, seed = options.Seed, seconds = Math.Round(seconds), figures = findings.Figures, logged = failures, violations = findings.Violations }, Indented);
        if (options.Json is { } path)
        {
            File.WriteAllText(path, json);
        }
        else
        {
            Console.WriteLine(json);
        }
    }
}
