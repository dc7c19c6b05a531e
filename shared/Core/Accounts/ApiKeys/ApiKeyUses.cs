using System.Collections.Concurrent;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>On which day a key was last used. That is kept apart from the key: whoever takes keys need not be allowed to change them.</summary>
public sealed class ApiKeyUses(IDocumentStore documents, TimeProvider time)
{
    /// <summary>The kind of its documents.</summary>
    internal const string Kind = "apiKeyUse";

    /// <summary>A key that was not used for so long counts as never used.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, DateOnly> _noted = new(StringComparer.Ordinal);

    /// <summary>Notes that a key is used today (UTC). A day is enough to tell a key in use from a forgotten one, and costs a write a day.</summary>
    public async Task NoteAsync(TenantId tenant, string keyId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (_noted.TryGetValue(keyId, out var day) && day == today)
        {
            return;
        }

        await documents.CommitAsync(tenant, new Batch().Put(KeyOf(keyId), new ApiKeyUse(today), Precondition.None, [], now + KeptFor).Writes, cancellationToken);
        if (_noted.Count >= MostRemembered)
        {
            // Who is forgotten is noted once more, which is harmless; what grows with the keys is not.
            _noted.Clear();
        }

        _noted[keyId] = today;
    }

    /// <summary>The last day (UTC) on which a key was used; null when it never was, or what is noted is no day: that must not keep a key from being listed and deleted.</summary>
    public async Task<DateOnly?> FindAsync(TenantId tenant, string keyId, CancellationToken cancellationToken) =>
        (await documents.ReadStrangeAsync<ApiKeyUse>(tenant, KeyOf(keyId), static _ => true, cancellationToken)).Value?.Day;

    private static DocumentKey KeyOf(string keyId) => new(Kind, keyId);

    /// <param name="Day">The day.</param>
    private sealed record ApiKeyUse(DateOnly Day);
}
