using System.Collections.Concurrent;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Proofs;

/// <summary>How long proofs take by the size of their circuit, learnt from those that were made; kept over restarts.</summary>
public sealed class ProofTimes(IDocumentStore store) : IBackgroundWork
{
    // A fifth of each new proof: a machine that grows slower is noticed after a few.
    private const double Weight = 0.2;

    internal const string Kind = "proofTimes";

    private static readonly DocumentKey Key = new(Kind, "times");

    private readonly ConcurrentDictionary<int, double> _seconds = new();
    private int _learnt;
    private bool _read;

    /// <inheritdoc/>
    public string Name => "proof-times";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromSeconds(30);

    /// <summary>A proof of a circuit with 2^k rows took this long.</summary>
    public void Learn(int k, TimeSpan took)
    {
        _seconds.AddOrUpdate(k, took.TotalSeconds, (_, before) => before + (Weight * (took.TotalSeconds - before)));
        Interlocked.Exchange(ref _learnt, 1);
    }

    /// <summary>How long a proof of a circuit with 2^k rows takes; null when none was seen yet.</summary>
    public TimeSpan? Estimate(int k) => _seconds.TryGetValue(k, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync<ProofTimesRecord>(TenantId.Platform, Key, cancellationToken);
        if (!_read)
        {
            foreach (var (k, seconds) in stored?.Value.Seconds ?? new Dictionary<int, double>())
            {
                _seconds.TryAdd(k, seconds);
            }

            _read = true;
        }

        if (Interlocked.Exchange(ref _learnt, 0) == 1)
        {
            var write = new DocumentWrite.Put(Key, DocumentJson.Serialize(new ProofTimesRecord(new Dictionary<int, double>(_seconds))), []);
            await store.CommitAsync(TenantId.Platform, [write], cancellationToken);
        }

        return false;
    }

    /// <param name="Seconds">Seconds by k.</param>
    private sealed record ProofTimesRecord(IReadOnlyDictionary<int, double> Seconds);
}
