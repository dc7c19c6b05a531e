using System.Globalization;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs;

/// <summary>Counts what a tenant used: proofs, seconds and sizes, day by day.</summary>
public sealed class MeterProofs(IDocumentStore store, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    /// <summary>Adds one proof to the batch that ends it.</summary>
    public async Task CountAsync(TenantId tenant, Batch batch, int? k, TimeSpan worked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var none = ProofUsage.None(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var stored = await store.ReadAsync<ProofUsage>(tenant, ProofUsage.Key(none.Day), cancellationToken);
        var usage = (stored?.Value ?? none).Add(k, worked);
        batch.Put(ProofUsage.Key(none.Day), usage, stored is null ? Precondition.Absent : Precondition.Match(stored.ETag), [], time.GetUtcNow() + KeptFor);
    }

    /// <summary>Counts a proof that was made without a job.</summary>
    public async Task CountAsync(TenantId tenant, int? k, TimeSpan worked, CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = new Batch();
            await CountAsync(tenant, batch, k, worked, cancellationToken);
            if ((await store.CommitAsync(tenant, batch.Writes, cancellationToken)).Committed)
            {
                return;
            }
        }
    }

    /// <summary>What a tenant used on a day; null when that was nothing.</summary>
    public async Task<ProofUsage?> ReadAsync(TenantId tenant, DateOnly day, CancellationToken cancellationToken) =>
        (await store.ReadAsync<ProofUsage>(tenant, ProofUsage.Key(ProofUsage.None(day).Day), cancellationToken))?.Value;
}

/// <summary>What a tenant used on a day (UTC).</summary>
/// <param name="Day">The day, <c>yyyy-MM-dd</c>.</param>
/// <param name="Proofs">Proofs and failed attempts that a process worked on.</param>
/// <param name="Seconds">The time that processes worked on them.</param>
/// <param name="ByK">The same by the size of the circuit; <c>unknown</c> where it was not learnt.</param>
public sealed record ProofUsage(string Day, long Proofs, double Seconds, IReadOnlyDictionary<string, ProofUse> ByK)
{
    /// <summary>A day on which nothing was used.</summary>
    public static ProofUsage None(DateOnly day) =>
        new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), 0, 0, new Dictionary<string, ProofUse>(StringComparer.Ordinal));

    internal const string Kind = "proofUsage";

    internal static DocumentKey Key(string day) => new(Kind, day);

    internal ProofUsage Add(int? k, TimeSpan worked)
    {
        var name = k?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        var before = ByK.TryGetValue(name, out var use) ? use : new ProofUse(0, 0);
        var after = new Dictionary<string, ProofUse>(ByK, StringComparer.Ordinal) { [name] = new(before.Proofs + 1, before.Seconds + worked.TotalSeconds) };
        return this with { Proofs = Proofs + 1, Seconds = Seconds + worked.TotalSeconds, ByK = after };
    }
}

/// <summary>Proofs of one size.</summary>
/// <param name="Proofs">How many.</param>
/// <param name="Seconds">The time that processes worked on them.</param>
public sealed record ProofUse(long Proofs, double Seconds);
