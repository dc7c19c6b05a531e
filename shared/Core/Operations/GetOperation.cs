using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Operations;

/// <summary>Reads an operation.</summary>
public sealed class GetOperation(IDocumentStore store)
{
    /// <summary>The operation; <c>NOT_FOUND</c> when this tenant has none of this id.</summary>
    public async Task<Result<Operation>> RunAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync<Operation>(tenant, Operation.Key(id), cancellationToken);
        return stored is null ? Error.NotFound("operation") : stored.Value;
    }
}
