using MidnightOS.Core.Audit;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>A key that was made, with its text, which is shown this once.</summary>
/// <param name="Key">What is kept of it.</param>
/// <param name="Text">The key.</param>
public sealed record NewApiKey(ApiKey Key, string Text);

/// <summary>Makes a key for programs of a tenant.</summary>
public sealed class CreateApiKey(IDirectory directory, IDocumentStore documents, WriteAudit audit, IIdGenerator ids, TimeProvider time)
{
    /// <summary>How many keys a tenant may have.</summary>
    public const int Most = 50;

    /// <summary>The key; or <c>CONFLICT</c> when there are enough already.</summary>
    /// <param name="caller">Who makes it.</param>
    /// <param name="name">What its owner calls it.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    public async Task<Result<NewApiKey>> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var there = await documents.QueryAsync(caller.Tenant, new DocumentQuery(ApiKey.Kind) { Limit = Most }, cancellationToken);
        if (there.Documents.Count >= Most)
        {
            return new Error(ErrorCodes.Conflict, $"There are {Most} keys already; delete one first.");
        }

        var made = Make(caller, name);
        await directory.ClaimAsync(ApiKeyText.Claim(made.Key.Hash), ApiKeyText.ClaimOf(caller.Tenant, made.Key), cancellationToken);
        var batch = new Batch().Put(ApiKey.Key(made.Key.Id), made.Key, Precondition.Absent, []);
        await documents.CommitAsync(caller.Tenant, batch.Writes, cancellationToken);
        await audit.RunAsync(caller.Tenant, "apiKey.create", caller.UserId, made.Key.Id, allowed: true, cancellationToken);
        return made;
    }

    private NewApiKey Make(Caller caller, string name)
    {
        var id = ids.New(IdPrefix.ApiKey);
        var text = ApiKeyText.Create(id);
        return new NewApiKey(
            new ApiKey { Id = id, Name = name, Hash = ApiKeyText.HashOf(text), Scopes = [ApiKeyScopes.Proofs], CreatedBy = caller.UserId, CreatedAt = time.GetUtcNow() }, text);
    }
}
