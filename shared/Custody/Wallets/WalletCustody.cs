using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Results;
using MidnightOS.Custody.Sealing;
using MidnightOS.Custody.Wallets.Mnemonics;

namespace MidnightOS.Custody.Wallets;

/// <summary>Keeps what wallets are made from: 32 bytes each, the entropy of the wallet's 24 words (docs/adr/0004).</summary>
internal sealed class WalletCustody(
    SealedWallets wallets, Retirements retirements, Sealer sealer, SweepWallets sweep, ILogger<WalletCustody> logger) : IWalletCustody
{
    private static readonly Error NotReady = new(ErrorCodes.WalletNotReady, "The bot's wallet does not exist yet.");
    private static readonly Error Retired = new(ErrorCodes.WalletNotReady, "The wallet belongs to a deleted bot. Restore the bot first.");

    public async Task CreateAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        if (!await wallets.ExistsAsync(wallet, cancellationToken))
        {
            using var entropy = SecretBytes.Random(Mnemonic.EntropyBytes);
            var record = await sealer.SealAsync(VaultPurpose.Wallets, entropy.Memory, wallet.Owner(), cancellationToken);
            if (await wallets.AddAsync(wallet, record, cancellationToken))
            {
                WalletLog.Created(logger, wallet.Tenant, wallet.Wallet);
                CustodyMetrics.Count("created");
            }
        }

        // No address may be given out for a seed that cannot be opened again: what was stored must open.
        (await UnsealAsync(wallet, cancellationToken)).Value.Dispose();
    }

    public async Task<Result<IWalletSecret>> OpenAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        var unsealed = await UnsealActiveAsync(wallet, cancellationToken);
        if (!unsealed.IsSuccess)
        {
            return unsealed.Error;
        }

        using var entropy = unsealed.Value;
        CustodyMetrics.Count("opened");
        return new WalletSecret(Mnemonic.Seed(entropy.Span));
    }

    public async Task<Result<string>> ExportAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        var unsealed = await UnsealActiveAsync(wallet, cancellationToken);
        if (!unsealed.IsSuccess)
        {
            return unsealed.Error;
        }

        using var entropy = unsealed.Value;
        WalletLog.Exported(logger, wallet.Tenant, wallet.Wallet);
        CustodyMetrics.Count("exported");
        return Mnemonic.Words(entropy.Span);
    }

    public async Task RetireAsync(WalletRef wallet, DateTimeOffset eraseAt, CancellationToken cancellationToken)
    {
        await retirements.AddAsync(wallet, eraseAt, cancellationToken);
        WalletLog.Retired(logger, wallet.Tenant, wallet.Wallet, eraseAt);
        CustodyMetrics.Count("retired");
    }

    public async Task<Result<Done>> RestoreAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        if (!await retirements.RemoveAsync(wallet, cancellationToken) || !await wallets.ExistsAsync(wallet, cancellationToken))
        {
            return Error.NotFound("wallet");
        }

        WalletLog.Restored(logger, wallet.Tenant, wallet.Wallet);
        CustodyMetrics.Count("restored");
        return Done.Value;
    }

    public Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken) => sweep.RunAsync(budget, cancellationToken);

    private async Task<Result<SecretBytes>> UnsealActiveAsync(WalletRef wallet, CancellationToken cancellationToken) =>
        await retirements.FindAsync(wallet, cancellationToken) is null ? await UnsealAsync(wallet, cancellationToken) : Retired;

    private async Task<Result<SecretBytes>> UnsealAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        var record = await wallets.ReadAsync(wallet, cancellationToken);
        return record is null ? NotReady : await sealer.UnsealAsync(VaultPurpose.Wallets, record, wallet.Owner(), cancellationToken);
    }
}
