using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Audit;

/// <summary>Something that a tenant must be able to look up later: who did what to what.</summary>
/// <param name="Id">Sorts by time.</param>
/// <param name="Action">What was done: <c>wallet.export</c>.</param>
/// <param name="UserId">Who did it.</param>
/// <param name="Subject">To what.</param>
/// <param name="Allowed">Whether it was done, or refused.</param>
/// <param name="At">When.</param>
public sealed record AuditEntry(string Id, string Action, string UserId, string Subject, bool Allowed, DateTimeOffset At)
{
    internal const string Kind = "audit";
}

/// <summary>Writes the audit trail, and tells the tenant's stream of it as an activity.</summary>
public sealed class WriteAudit(IUnitOfWork unit, IIdGenerator ids, TimeProvider time)
{
    /// <summary>Writes an entry; it is durable when this returns.</summary>
    public async Task RunAsync(TenantId tenant, string action, string userId, string subject, bool allowed, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(ids.New("aud_"), action, userId, subject, allowed, time.GetUtcNow());
        var batch = new Batch()
            .Put(new DocumentKey(AuditEntry.Kind, entry.Id), entry, Precondition.Absent, [new IndexEntry("subject", subject)])
            .Publish(EventTypes.Activity, subject, entry);
        await unit.CommitAsync(tenant, batch, cancellationToken);
    }
}
