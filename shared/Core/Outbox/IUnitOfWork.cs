using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Outbox;

/// <summary>Commits a change together with its outbox records. What is committed will be dispatched, also after a crash.</summary>
public interface IUnitOfWork
{
    /// <summary>Writes all of the batch or none of it.</summary>
    Task<CommitResult> CommitAsync(TenantId tenant, Batch batch, CancellationToken cancellationToken);
}
