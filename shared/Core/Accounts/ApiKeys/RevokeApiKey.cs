using MidnightOS.Core.Audit;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>Deletes a key; it stops working at once, on every host.</summary>
public sealed class RevokeApiKey(IDirectory directory, IDocumentStore documents, WriteAudit audit)
{
    /// <summary>Success, or <c>NOT_FOUND</c>.</summary>
    public async Task<Result<Done>> RunAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var key = await documents.ReadAsync<ApiKey>(caller.Tenant, ApiKey.Key(id), cancellationToken);
        if (key is null)
        {
            return Error.NotFound("API key");
        }

        // The claim decides, so it goes first. After a crash in between the key is still listed, though it is good for nothing, and can be deleted again.
        await directory.ReleaseAsync(ApiKeyText.Claim(key.Value.Hash), etag: null, cancellationToken);
        await documents.CommitAsync(caller.Tenant, new Batch().Delete(ApiKey.Key(id)).Writes, cancellationToken);
        await audit.RunAsync(caller.Tenant, "apiKey.revoke", caller.UserId, id, allowed: true, cancellationToken);
        return Done.Value;
    }
}
