using MidnightOS.Core.Bots;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>Judges an accepted transfer by the bot as it is now: its owner may have paused it or tightened its limits, and a day may have passed.</summary>
public sealed class JudgeTransfer(IDocumentStore store, TimeProvider time)
{
    /// <summary>Whether it may be carried on.</summary>
    internal async Task<Judgement> RunAsync(TenantId tenant, Transaction transaction, CancellationToken cancellationToken)
    {
        var bot = await store.ReadAsync<Bot>(tenant, Bot.Key(transaction.BotId), cancellationToken);
        var sweeps = transaction.Work!.SweepFlow is not null;
        if (bot?.Value.Status != (sweeps ? BotStatus.Deleting : BotStatus.Running))
        {
            return new Judgement(sweeps ? "The bot is not being deleted any more." : "The bot is not running any more.", null, null, null);
        }

        if (transaction.Type is TransactionType.ContractCall)
        {
            return CallPolicy.Refusal(bot!.Value.Config) is { } denied ? new Judgement(denied.Message, null, null, null) : new Judgement(null, bot, null, null);
        }

        if (sweeps)
        {
            return new Judgement(null, bot, null, null);
        }

        var book = (await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(transaction.BotId), cancellationToken))!;
        var day = book.Value.DayAt(time.GetUtcNow());
        var counted = transaction.Work.CountedOn == day;
        return Refusal(bot!.Value.Config, transaction, Others(book.Value.SpentOn(day), transaction, counted)) is { } reason
            ? new Judgement(reason, null, null, null)
            : new Judgement(null, bot, counted ? null : book, counted ? null : day);
    }

    private static Amount Others(Amount spent, Transaction transaction, bool counted) =>
        !counted ? spent : spent > transaction.Amount ? spent - transaction.Amount : Amount.Zero;

    private static string? Refusal(BotConfig config, Transaction transaction, Amount others)
    {
        var verdict = SpendPolicy.Judge(config, transaction.Amount, transaction.To!, others);
        return !verdict.IsSuccess ? verdict.Error.Message
            : verdict.Value.NeedsConfirmation && !WasIn(transaction, TransactionStatus.AwaitingConfirmation)
                ? "This bot's policy asks for a confirmation of this amount since; send it again."
            : verdict.Value.NeedsApproval && !WasIn(transaction, TransactionStatus.AwaitingApproval)
                ? "This bot's policy asks for an approval of this amount since; send it again."
            : null;
    }

    // Whoever left such a state towards here was confirmed or approved.
    private static bool WasIn(Transaction transaction, TransactionStatus status) => transaction.History.Any(moment => moment.Status == status);
}

/// <summary>What the bot says to a transfer.</summary>
/// <param name="Refusal">Why it must not be carried on, as a sentence; null when it may.</param>
/// <param name="Bot">The bot in the version that was judged.</param>
/// <param name="Book">The book to count the transfer in; null when it is counted among the right day's spends.</param>
/// <param name="Day">The day to count it on.</param>
internal sealed record Judgement(string? Refusal, Stored<Bot>? Bot, Stored<WalletBook>? Book, DateOnly? Day)
{
    /// <summary>Makes a batch hold only while the judgement does, and counts the transfer on the day on which it is signed.</summary>
    /// <returns>The transfer as it is counted.</returns>
    public Transaction Bind(Batch batch, Transaction transaction)
    {
        batch.Check(Bots.Bot.Key(transaction.BotId), Precondition.Match(Bot!.ETag));
        if (Book is null || Day is not { } day)
        {
            return transaction;
        }

        batch.Put(WalletBook.Key(transaction.BotId), Reservation.Count(Book.Value, transaction.Amount, day), Precondition.Match(Book.ETag), []);
        return transaction with { Work = transaction.Work! with { CountedOn = day } };
    }
}
