using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Queue;

/// <summary>How many proofs of a tenant run at once, on all hosts together: a lease in the store for each.</summary>
internal sealed class TenantSlots(ILeaseStore leases, IOptions<ProofOptions> options)
{
    private readonly ConcurrentDictionary<Lease, bool> _held = new();

    /// <summary>How often what is held must be renewed, so that one failure or two lose nothing.</summary>
    public TimeSpan RenewEvery => options.Value.Lease / 3;

    /// <summary>Takes a slot.</summary>
    /// <returns>The slot; null when all are taken.</returns>
    public async Task<Lease?> TryTakeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        for (var number = 0; number < options.Value.RunningPerTenant; number++)
        {
            // Those that this process holds itself need not be asked for.
            var name = $"proof-slot|{tenant.Value}|{number}";
            if (!_held.Keys.Any(lease => lease.Name == name) && await leases.TryAcquireAsync(name, options.Value.Lease, cancellationToken) is { } lease)
            {
                _held.TryAdd(lease, true);
                return lease;
            }
        }

        return null;
    }

    /// <summary>Keeps all slots that this process holds.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _held.Keys)
        {
            // One that was lost is no reason to stop a proof: the cap is a matter of fairness, not of correctness.
            await leases.RenewAsync(lease, options.Value.Lease, cancellationToken);
        }
    }

    public Task GiveAsync(Lease lease)
    {
        _held.TryRemove(lease, out _);
        return leases.ReleaseAsync(lease, CancellationToken.None);
    }
}
