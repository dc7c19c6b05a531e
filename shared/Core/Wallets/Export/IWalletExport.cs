using MidnightOS.Core.Custody;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Wallets;

/// <summary>How an app gets a wallet's words for their owner: from its own custody, or from the flows when it has none.</summary>
public interface IWalletExport
{
    /// <summary>24 words; the caller has checked the password and audits. <c>WALLET_NOT_READY</c>, or <c>UPSTREAM_UNAVAILABLE</c> when nobody answered in time.</summary>
    Task<Result<string>> ExportAsync(WalletRef wallet, CancellationToken cancellationToken);
}

/// <summary>The way of an app with custody.</summary>
internal sealed class DirectWalletExport(IWalletCustody custody) : IWalletExport
{
    public Task<Result<string>> ExportAsync(WalletRef wallet, CancellationToken cancellationToken) => custody.ExportAsync(wallet, cancellationToken);
}
