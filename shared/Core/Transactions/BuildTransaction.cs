using Microsoft.Extensions.Options;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>What became of a build.</summary>
/// <param name="Status">The transaction's state after.</param>
/// <param name="WaitsForCoin">Whether no free coin covers it yet.</param>
public sealed record BuildOutcome(TransactionStatus Status, bool WaitsForCoin = false);

/// <summary>Chooses coins, builds the transfer and signs it. The signed bytes are stored with the state that says so.</summary>
/// <remarks>Repeated after a crash it goes on with the coins that it holds; bytes that were stored are never built a second time in the same attempt.</remarks>
public sealed class BuildTransaction(
    IDocumentStore store, ChooseCoins chooseCoins, ChangeTransaction change, SignTransfer sign, IUnitOfWork unit, TimeProvider time)
    : IStep<TransactionRef, BuildOutcome>
{
    /// <inheritdoc/>
    public async Task<BuildOutcome> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        var transaction = await store.RequireAsync(input, cancellationToken);
        if (transaction.Status is not (TransactionStatus.Requested or TransactionStatus.Building))
        {
            return new BuildOutcome(transaction.Status);
        }

        if (await RefusalAsync(input, transaction, cancellationToken) is { } reason)
        {
            var rejected = await change.RunAsync(input, TransactionAction.Reject, current => current with { Error = reason }, cancellationToken);
            return new BuildOutcome(rejected.IsSuccess ? rejected.Value.Status : (await store.RequireAsync(input, cancellationToken)).Status);
        }

        var coins = await chooseCoins.RunAsync(input, cancellationToken);
        if (coins is null)
        {
            var waiting = await store.RequireAsync(input, cancellationToken);
            return new BuildOutcome(waiting.Status, WaitsForCoin: !TransactionTransitions.IsFinal(waiting.Status));
        }

        return new BuildOutcome(await SignAsync(input, coins, cancellationToken));
    }

    // The owner may have paused the bot, or tightened its limits, since the transfer was accepted.
    private async Task<string?> RefusalAsync(TransactionRef input, Transaction transaction, CancellationToken cancellationToken)
    {
        var bot = (await store.ReadAsync<Bot>(input.Tenant, Bot.Key(input.BotId), cancellationToken))?.Value;
        if (transaction.Work!.SweepFlow is not null)
        {
            return bot?.Status is BotStatus.Deleting ? null : "The bot is not being deleted any more.";
        }

        if (bot?.Status is not BotStatus.Running)
        {
            return "The bot is not running any more.";
        }

        var book = (await store.ReadAsync<WalletBook>(input.Tenant, WalletBook.Key(input.BotId), cancellationToken))!.Value;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var spent = book.SpentOn(today);
        var others = transaction.Work.CountedOn == today ? spent - transaction.Amount : spent;
        return SpendPolicy.Judge(bot.Config, transaction.Amount, transaction.To!, others).Error?.Message;
    }

    private async Task<TransactionStatus> SignAsync(TransactionRef input, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync<Transaction>(input.Tenant, Transaction.Key(input.TransactionId), cancellationToken);
        var transaction = stored!.Value;
        if (transaction.Status is not TransactionStatus.Building)
        {
            return transaction.Status;
        }

        var signed = await sign.RunAsync(input.Tenant, transaction, coins, cancellationToken);
        if (!signed.IsSuccess)
        {
            var failed = await change.RunAsync(input, TransactionAction.Fail, current => current with { Error = signed.Error.Message }, cancellationToken);
            return failed.IsSuccess ? failed.Value.Status : (await store.RequireAsync(input, cancellationToken)).Status;
        }

        var next = TransactionTransitions.Next(transaction.Status, TransactionAction.Prove)!.Value;
        var attempt = transaction.Work!.Attempt + 1;
        var moved = transaction with
        {
            Status = next,
            History = [.. transaction.History, new TransactionMoment(next, time.GetUtcNow())],
            Work = transaction.Work with { Attempt = attempt, Ttl = signed.Value.Ttl, Submissions = 0 },
        };
        var bytes = new SignedTransaction(attempt, signed.Value.Built.Bytes, signed.Value.Built.ProofsRequired, Bound: null);
        var batch = new Batch().Put(SignedTransaction.Key(transaction.Id), bytes, Precondition.None, []);
        TransactionBatch.Put(batch, moved, Precondition.Match(stored.ETag), TransactionAction.Prove);
        var committed = (await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed;
        return committed ? next : (await store.RequireAsync(input, cancellationToken)).Status;
    }
}

/// <summary>A signed transfer.</summary>
/// <param name="Built">The ledger's bytes.</param>
/// <param name="Ttl">Until when (chain time) a block may take it.</param>
public sealed record SignedTransfer(BuiltTransaction Built, DateTimeOffset Ttl);

/// <summary>Has a transfer signed: the seed goes from Custody to the ledger process and nowhere else.</summary>
public sealed class SignTransfer(IDocumentStore store, IWalletCustody custody, ILedger ledger, IChainIndexer indexer, IOptions<TransactionOptions> options)
{
    /// <summary>The signed transfer, with change back to the wallet.</summary>
    public async Task<Result<SignedTransfer>> RunAsync(
        Identity.TenantId tenant, Transaction transaction, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var wallet = (await store.ReadAsync<Wallet>(tenant, Wallet.Key(transaction.BotId), cancellationToken))!.Value;

        // The time to live is judged by the chain's clock, so it is set by it.
        var tip = await indexer.GetTipAsync(cancellationToken);
        var ttl = DateTimeOffset.FromUnixTimeSeconds((tip.Time + options.Value.TimeToLive).ToUnixTimeSeconds());
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
