using MidnightOS.Core.Chain;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Custody;

namespace MidnightOS.Core.Health;

/// <summary>Writes to the store: a full disk or a read-only folder shows here, not only a lost one.</summary>
internal sealed class StorageProbe(ICounterStore counters, TimeProvider time) : IReadinessProbe
{
    public string Name => "storage";

    public Task CheckAsync(CancellationToken cancellationToken) =>
        counters.AddAsync("readiness", 1, time.GetUtcNow().AddMinutes(1), cancellationToken);
}

/// <summary>Asks the vault for its current key version, of the key that every app with a right on the vault may use.</summary>
internal sealed class VaultProbe(IVault vault) : IReadinessProbe
{
    public string Name => "vault";

    public Task CheckAsync(CancellationToken cancellationToken) => vault.CurrentVersionAsync(VaultPurpose.Payloads, cancellationToken);
}

/// <summary>Has a ledger process look at bytes that are no transaction: that it refuses them shows that it works.</summary>
internal sealed class LedgerProbe(ILedger ledger) : IReadinessProbe
{
    public string Name => "ledger";

    public Task CheckAsync(CancellationToken cancellationToken) => ledger.DecodeAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
}
