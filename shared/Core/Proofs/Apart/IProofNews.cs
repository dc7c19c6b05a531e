using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>Tells whoever may carry it over that the jobs' outbox of a tenant has records. What is lost is found by <see cref="SweepProofNews"/>.</summary>
public interface IProofNews
{
    /// <summary>Tells it.</summary>
    Task TellAsync(TenantId tenant, CancellationToken cancellationToken);
}
