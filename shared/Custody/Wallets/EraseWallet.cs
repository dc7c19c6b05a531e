using Microsoft.Extensions.Logging;
using MidnightOS.Core.Directory;

namespace MidnightOS.Custody.Wallets;

/// <summary>Erases one retired seed when its time has come.</summary>
internal sealed class EraseWallet(
    SealedWallets wallets, Retirements retirements, IDirectory directory, TimeProvider time, ILogger<EraseWallet> logger)
{
    public Task<IReadOnlyList<DueMarker>> ListAsync(DateTimeOffset dueBy, int limit, CancellationToken cancellationToken) =>
        directory.ListDueAsync(Retirements.Queue, dueBy, limit, cancellationToken);

    public async Task RunAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        var wallet = WalletName.Parse(marker.Tenant, marker.Subject);
        var retirement = await retirements.FindAsync(wallet, cancellationToken);
        if (retirement?.EraseAt is { } eraseAt && eraseAt > time.GetUtcNow())
        {
            // Restored and retired again meanwhile.
            await directory.PostponeAsync(marker, eraseAt, cancellationToken);
            return;
        }

        if (retirement is not null)
        {
            if (!await retirements.BeginErasureAsync(wallet, retirement, cancellationToken))
            {
                // A restore or a new retirement came first: look again at the next turn.
                await directory.PostponeAsync(marker, time.GetUtcNow() + TimeSpan.FromMinutes(1), cancellationToken);
                return;
            }

            await wallets.DeleteAsync(wallet, cancellationToken);
            await retirements.EndErasureAsync(wallet, cancellationToken);
            WalletLog.Erased(logger, wallet.Tenant, wallet.Wallet);
            CustodyMetrics.Count("erased");
        }

        await directory.ClearAsync(marker, cancellationToken);
    }
}
