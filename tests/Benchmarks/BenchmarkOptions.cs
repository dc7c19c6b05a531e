using System.Globalization;
using MidnightOS.Tests.Benchmarks.Cases;

namespace MidnightOS.Tests.Benchmarks;

/// <summary>What to measure.</summary>
/// <param name="Cases">The cases by name, in order.</param>
/// <param name="Seconds">How long each rate is measured, after a warm-up.</param>
/// <param name="JsonFile">Where the JSON goes; null = standard output.</param>
/// <param name="ProveRequest">A recorded body of <c>POST /prove</c> with its key material; null = no larger proof is measured.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Cases, int Seconds, string? JsonFile, string? ProveRequest = null)
{
    public static string Usage { get; } = $"""
        dotnet run -c Release --project tests/Benchmarks -- [case …] [--seconds 5] [--json file] [--prove-request file]
        Cases, all without a name: {string.Join(", ", AllCases.ByName.Keys)}.
        The exit code is 1 when a target is missed.
        """;

    /// <summary>Reads the command line; null when it is none.</summary>
    public static BenchmarkOptions? Parse(string[] args)
    {
        var options = new BenchmarkOptions([], 5, null);
        for (var i = 0; i < args.Length; i++)
        {
            var next = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--seconds" when int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Seconds = seconds };
                    i++;
                    break;
                case "--json" when next is not null:
                    options = options with { JsonFile = next };
                    i++;
                    break;
                case "--prove-request" when next is not null:
                    options = options with { ProveRequest = next };
                    i++;
                    break;
                case var name when AllCases.ByName.ContainsKey(name):
                    options = options with { Cases = [.. options.Cases, name] };
                    break;
                default:
                    return null;
            }
        }

        return options.Cases.Count > 0 ? options : options with { Cases = [.. AllCases.ByName.Keys] };
    }
}
