using Microsoft.Extensions.Logging;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Directory;
using MidnightOS.Custody.Sealing;

namespace MidnightOS.Custody.Wallets;

/// <summary>Moves one wallet off an old version of the key-encryption key: its data key is wrapped again, its seed stays sealed as it is.</summary>
internal sealed class RewrapWallet(SealedWallets wallets, WrappedUnder index, Sealer sealer, IVault vault, ILogger<RewrapWallet> logger)
{
    /// <summary>The versions to move off: all but the current one. Each is noted as superseded, from when on it may be retired one day.</summary>
    public async Task<IReadOnlyList<string>> OldVersionsAsync(CancellationToken cancellationToken)
    {
        var current = await vault.CurrentVersionAsync(VaultPurpose.Wallets, cancellationToken);
        var old = (await index.VersionsAsync(cancellationToken)).Where(version => version != current).ToArray();
        foreach (var version in old)
        {
            await index.SupersedeAsync(version, cancellationToken);
        }

        return old;
    }

    public Task<IReadOnlyList<DueMarker>> ListAsync(string version, DateTimeOffset dueBy, int limit, CancellationToken cancellationToken) =>
        index.ListAsync(version, dueBy, limit, cancellationToken);

    public async Task RunAsync(string version, DueMarker marker, CancellationToken cancellationToken)
    {
        var wallet = WalletName.Parse(marker.Tenant, marker.Subject);
        var current = await vault.CurrentVersionAsync(VaultPurpose.Wallets, cancellationToken);
        if (await wallets.ReadAsync(wallet, cancellationToken) is not { } record)
        {
            await index.RemoveOrphanAsync(marker, cancellationToken);
            return;
        }

        try
        {
            if (Envelope.Parse(record).DataKey.Version != current)
            {
                var rewrapped = await sealer.RewrapAsync(VaultPurpose.Wallets, record, wallet.Owner(), cancellationToken);
                await wallets.ReplaceAsync(wallet, rewrapped, cancellationToken);
                WalletLog.Rewrapped(logger, wallet.Tenant, wallet.Wallet, rewrapped.KeyVersion);
                CustodyMetrics.Count("rewrapped");
            }
        }
        catch (VaultException exception)
        {
            // One broken record must not keep the others under an old key; it stays in the index, so its version cannot be retired.
            WalletLog.Broken(logger, exception, wallet.Tenant, wallet.Wallet, version);
            CustodyMetrics.Count("broken");
            await index.PutOffAsync(marker, cancellationToken);
            return;
        }

        await index.RemoveAsync(marker, cancellationToken);
    }
}
