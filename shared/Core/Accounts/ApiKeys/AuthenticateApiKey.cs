using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>Finds whose key it is. Its claim is read each time, so that a deleted one stops at once on every host.</summary>
public sealed class AuthenticateApiKey(IDirectory directory, IDocumentStore documents, ApiKeyUses uses)
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
            || !(ApiKeyText.ScopesOf(claim) ?? await RecordedScopesAsync(claim, hash, cancellationToken)).Contains(scope, StringComparer.Ordinal))
        {
            return null;
        }

        await uses.NoteAsync(claim.Tenant, claim.Subject, cancellationToken);
        return claim.Tenant;
    }

    // Claims did not name scopes at first. Their keys were deleted document first, so a claim of that time alone says nothing.
    private async Task<IReadOnlyList<string>> RecordedScopesAsync(DirectoryClaim claim, string hash, CancellationToken cancellationToken) =>
        await documents.ReadAsync<ApiKey>(claim.Tenant, ApiKey.Key(claim.Subject), cancellationToken) is { Value: var key } && key.Hash == hash ? key.Scopes : [];
}
