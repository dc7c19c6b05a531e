using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Http;

/// <summary>The bytes that all bodies together hold, so that many large ones cannot take the memory, and those of one tenant not all that there is.</summary>
/// <remarks>Of several bodies a tenant holds no more than it leaves free. Alone it comes to half, two come to a third each: who is next finds room. A tenant's only body may
/// take what is left.</remarks>
internal sealed class HeldBytes(IOptions<ProverOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, long> _tenants = [];
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>Takes bytes for a body if there are so many left for its tenant.</summary>
    /// <param name="tenant">Who sent it.</param>
    /// <param name="count">How many more.</param>
    /// <param name="own">How many the body holds already.</param>
    public bool TryTake(TenantId tenant, long count, long own)
    {
        lock (_gate)
        {
            var before = _tenants.GetValueOrDefault(tenant);
            var free = options.Value.MaxHeldBytes - _held - count;
            if (free < 0 || (before > own && before + count > free))
            {
                return false;
            }

            _held += count;
            _tenants[tenant] = before + count;
            return true;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(TenantId tenant, long count)
    {
        lock (_gate)
        {
            _held -= count;
            if ((_tenants[tenant] -= count) == 0)
            {
                _tenants.Remove(tenant);
            }
        }
    }
}
