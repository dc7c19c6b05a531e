using System.Collections.Concurrent;

namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>The output of all hosts of a run, in one file, and which failures were logged how often.</summary>
internal sealed class HostLog(string path) : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };

    /// <summary>What hosts logged as an error or worse, and how often.</summary>
    public IReadOnlyDictionary<string, long> Failures => _failures;

    public void Add(int pid, Entry entry, string line)
    {
        lock (_gate)
        {
            _file.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {pid} {line}");
        }

        // How the console logger begins a record of these levels; the message is on the next line.
        if (line.StartsWith("fail: ", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal))
        {
            entry.Head = line;
        }
        else if (entry.Head is { } head)
        {
            _failures.AddOrUpdate($"{head} {Shape(line.Trim())}", 1, static (_, count) => count + 1);
            entry.Head = null;
        }
    }

    public void Dispose() => _file.Dispose();

    // The same sentence about two things is one failure.
    private static string Shape(string message) =>
        string.Join(' ', message.Split(' ').Select(static word => word.Length > 20 && word.Any(char.IsAsciiDigit) ? "…" : word));

    /// <summary>The record that a stream is in the middle of.</summary>
    public sealed class Entry
    {
        public string? Head { get; set; }
    }
}
