using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>A signed transfer, ready to submit.</summary>
/// <param name="Bound">The ledger's bytes and what names them on the chain.</param>
/// <param name="Ttl">Until when (chain time) a block may take it.</param>
public sealed record SignedTransfer(BoundTransaction Bound, DateTimeOffset Ttl);

/// <summary>Has a transfer signed: the seed goes from Custody to the ledger process and nowhere else.</summary>
public sealed class SignTransfer(IDocumentStore store, IWalletCustody custody, ILedger ledger, ChainClock clock, IOptions<TransactionOptions> options)
{
    /// <summary>The signed transfer, with change back to the wallet.</summary>
    public async Task<Result<SignedTransfer>> RunAsync(
        Identity.TenantId tenant, Transaction transaction, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var wallet = (await store.ReadAsync<Wallet>(tenant, Wallet.Key(transaction.BotId), cancellationToken))!.Value;

        // The time to live is judged by the chain's clock, so it is set by it.
        var ttl = DateTimeOffset.FromUnixTimeSeconds((await clock.NowAsync(cancellationToken) + options.Value.TimeToLive).ToUnixTimeSeconds());
        List<Payment> outputs = [new(transaction.Work!.ToHex, transaction.Amount, transaction.TokenType)];
        var change = Money.Amount.Sum(coins.Select(static coin => coin.Value)) - transaction.Amount;
        if (!change.IsZero)
        {
            outputs.Add(new Payment(wallet.Keys.UnshieldedAddressHex, change, transaction.TokenType));
        }

        var opened = await custody.OpenAsync(Wallet.RefOf(tenant, transaction.BotId), cancellationToken);
        if (!opened.IsSuccess)
        {
            return opened.Error;
        }

        using var secret = opened.Value;
        var built = await ledger.BuildTransferAsync(secret, new TransferPlan(wallet.Network, coins, outputs, ttl), cancellationToken);
        return built.IsSuccess ? new SignedTransfer(built.Value, ttl) : built.Error;
    }
}
