using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>Finds whose key it is. It is read each time, so that a deleted one stops at once on every host.</summary>
public sealed class AuthenticateApiKey(IDirectory directory, IDocumentStore documents, TimeProvider time)
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = ApiKeyText.Prefix;

    /// <summary>The tenant; null when the key is none, was deleted, or is not good for this.</summary>
    /// <param name="key">As the client sent it.</param>
    /// <param name="scope">What it is used for, one of <see cref="ApiKeyScopes"/>.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    public async Task<TenantId?> RunAsync(string key, string scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!ApiKeyText.Is(key))
        {
            return null;
        }

        var hash = ApiKeyText.HashOf(key);
        if (await directory.FindAsync(ApiKeyText.Claim(hash), cancellationToken) is not { Claim: var claim }
            || await documents.ReadAsync<ApiKey>(claim.Tenant, ApiKey.Key(claim.Subject), cancellationToken) is not { } stored
            || stored.Value.Hash != hash || !stored.Value.Scopes.Contains(scope, StringComparer.Ordinal))
        {
            return null;
        }

        await NoteUseAsync(claim.Tenant, stored, cancellationToken);
        return claim.Tenant;
    }

    // A day is enough to tell a key in use from a forgotten one, and costs a write a day. Whoever changed it meanwhile noted the same, or deleted it.
    private async Task NoteUseAsync(TenantId tenant, Stored<ApiKey> key, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (key.Value.LastUsedOn != today)
        {
            var batch = new Batch().Put(ApiKey.Key(key.Value.Id), key.Value with { LastUsedOn = today }, Precondition.Match(key.ETag), []);
            await documents.CommitAsync(tenant, batch.Writes, cancellationToken);
        }
    }
}
