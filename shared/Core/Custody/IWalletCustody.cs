using MidnightOS.Core.Chain;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Custody;

/// <summary>The keeper of wallet seeds. A seed leaves it only to the ledger process, or, by the owner's export, as a mnemonic.</summary>
public interface IWalletCustody
{
    /// <summary>Makes the 32 bytes behind a wallet with a cryptographic generator and stores them sealed. Asked again for the same wallet, it keeps the first.</summary>
    Task CreateAsync(WalletRef wallet, CancellationToken cancellationToken);

    /// <summary>Opens a wallet's seed for one operation of the ledger process; disposing zeroes it. <c>WALLET_NOT_READY</c> when there is no seed or it is retired.</summary>
    Task<Result<IWalletSecret>> OpenAsync(WalletRef wallet, CancellationToken cancellationToken);

    /// <summary>
    /// The wallet as a mnemonic of 24 words (BIP-39, English, no passphrase) for the owner; official Midnight tools restore the same addresses from it.
    /// The caller has checked the password and audits. <c>WALLET_NOT_READY</c> as for <see cref="OpenAsync"/>.
    /// </summary>
    Task<Result<string>> ExportAsync(WalletRef wallet, CancellationToken cancellationToken);

    /// <summary>Marks the sealed seed of a deleted bot: it is kept until then, restorable, and erased after.</summary>
    Task RetireAsync(WalletRef wallet, DateTimeOffset eraseAt, CancellationToken cancellationToken);

    /// <summary>Takes the mark of <see cref="RetireAsync"/> back. <c>NOT_FOUND</c> when the seed is erased already.</summary>
    Task<Result<Done>> RestoreAsync(WalletRef wallet, CancellationToken cancellationToken);

    /// <summary>Erases seeds whose time has come, and wraps again what an older key version still wraps; a bounded piece of background work.</summary>
    /// <returns>Whether there is more to do.</returns>
    Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken);
}

/// <summary>Which wallet: part of the associated data of its seal, so that a sealed seed opens nowhere else.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Bot">The bot.</param>
/// <param name="Wallet">The wallet's id; one a bot.</param>
public readonly record struct WalletRef(TenantId Tenant, string Bot, string Wallet);
