using System.Collections.Concurrent;

namespace MidnightOS.Tests.Soak;

/// <summary>What a run has counted, and the invariants that it saw violated.</summary>
internal sealed class Findings
{
    private readonly ConcurrentDictionary<string, long> _figures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();

    public IReadOnlyCollection<string> Violations => _violations;

    public IReadOnlyDictionary<string, long> Figures => _figures;

    public void Count(string figure, long by = 1) => _figures.AddOrUpdate(figure, by, (_, count) => count + by);

    public void Set(string figure, long value) => _figures[figure] = value;

    public long Of(string figure) => _figures.GetValueOrDefault(figure);

    /// <summary>An invariant does not hold. The same sentence counts once, however often it is seen.</summary>
    public void Violated(string sentence)
    {
        if (_known.TryAdd(sentence, 0))
        {
            _violations.Enqueue(sentence);
            Say($"VIOLATION: {sentence}");
        }
    }

    public static void Say(string line) => Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}");
}
