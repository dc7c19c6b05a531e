using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>A transfer that may be made, as things stand.</summary>
/// <param name="Bot">The bot, in the version that was judged.</param>
/// <param name="Wallet">Its wallet.</param>
/// <param name="Book">The wallet's book, in the version that was judged.</param>
/// <param name="To">The recipient.</param>
/// <param name="Amount">Atomic units.</param>
/// <param name="Token">The token.</param>
/// <param name="Verdict">What must happen before it is signed.</param>
/// <param name="Day">The day (UTC) among whose spends it was judged.</param>
public sealed record CheckedSend(
    Stored<Bot> Bot, Wallet Wallet, Stored<WalletBook> Book, UnshieldedAddress To, Amount Amount, Token Token, PolicyVerdict Verdict, DateOnly Day);

/// <summary>Checks a transfer without changing anything: the bot's state, the network, the fields, the policy, the funds.</summary>
public sealed class CheckSend(IDocumentStore store, IAddressCodec addresses, NetworkProfile network, TimeProvider time)
{
    private const int MaxNote = 500;

    /// <summary>What may be made, or why not.</summary>
    public async Task<Result<CheckedSend>> RunAsync(SendRequest request, bool sweep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var bot = await store.ReadAsync<Bot>(request.Tenant, Bot.Key(request.BotId), cancellationToken);
        if (bot is null)
        {
            return Error.NotFound("bot");
        }

        var fields = Fields(request);
        if (!fields.IsSuccess)
        {
            return fields.Error;
        }

        var wallet = await store.ReadAsync<Wallet>(request.Tenant, Wallet.Key(request.BotId), cancellationToken);
        var book = await store.ReadAsync<WalletBook>(request.Tenant, WalletBook.Key(request.BotId), cancellationToken);
        if (wallet is null || book is null)
        {
            return new Error(ErrorCodes.WalletNotReady, "The bot's wallet is not ready yet.");
        }

        if (MaySpend(bot.Value, sweep) is { } refused)
        {
            return refused;
        }

        var (to, amount, token) = fields.Value;
        var day = book.Value.DayAt(time.GetUtcNow());
        var verdict = sweep ? new PolicyVerdict(false, false) : SpendPolicy.Judge(bot.Value.Config, amount, to.Text, book.Value.SpentOn(day));
        if (!verdict.IsSuccess)
        {
            return verdict.Error;
        }

        var funds = await FundsAsync(request, book.Value, amount, token, cancellationToken);
        return funds is null ? new CheckedSend(bot, wallet.Value, book, to, amount, token, verdict.Value, day) : funds;
    }

    private Result<(UnshieldedAddress To, Amount Amount, Token Token)> Fields(SendRequest request)
    {
        if (Token.Find(request.Token ?? Token.Night.Symbol) is not { } token)
        {
            return Error.Invalid("token", $"token may be {string.Join(", ", Token.All.Select(static known => known.Symbol))}.");
        }

        if (!token.TryParse(request.Amount, out var amount, out var problem))
        {
            return Error.Invalid("amount", problem!);
        }

        if (amount.IsZero)
        {
            return Error.Invalid("amount", "The amount must be greater than zero.");
        }

        if (request.Note?.Length > MaxNote)
        {
            return Error.Invalid("note", $"note has at most {MaxNote} characters.");
        }

        var to = addresses.ParseUnshielded(request.To, network.Id);
        return to.IsSuccess ? (to.Value, amount, token) : to.Error;
    }

    private Error? MaySpend(Bot bot, bool sweep)
    {
        var allowed = sweep ? bot.Status is BotStatus.Deleting : bot.Status is BotStatus.Running;
        if (!allowed)
        {
            return new Error(ErrorCodes.InvalidState, $"The bot is {bot.Status.ToString().ToLowerInvariant()}; it spends only while it is running.");
        }

        return network.CannotSendBecause is { } reason ? new Error(ErrorCodes.UpstreamUnavailable, reason) : null;
    }

    private async Task<Error?> FundsAsync(SendRequest request, WalletBook book, Amount amount, Token token, CancellationToken cancellationToken)
    {
        var holding = book.Of(token.Type);
        if (amount > holding.Available)
        {
            return Insufficient($"The wallet has {token.Format(holding.Available)} {token.Symbol} available.");
        }

        if (holding.Coins <= CoinSelection.MaxInputs)
        {
            return null;
        }

        // Many small coins: one transfer can join no more than its largest.
        var query = new DocumentQuery(WalletCoin.Kind, WalletCoin.All, WalletCoin.IndexValue(request.BotId, token.Type))
        {
            Descending = true,
            Limit = CoinSelection.MaxInputs,
        };
        var page = await store.QueryAsync(request.Tenant, query, cancellationToken);
        var most = Amount.Sum(page.Documents.Select(static document => document.As<WalletCoin>().Value.Coin.Value));
        return amount <= most ? null : Insufficient(
            $"The wallet's coins are too small: one transfer joins at most {CoinSelection.MaxInputs} of them, {token.Format(most)} {token.Symbol} in all. Send less at once.");
    }

    private static Error Insufficient(string message) =>
        new(ErrorCodes.InsufficientFunds, message, new Dictionary<string, string>(StringComparer.Ordinal) { ["amount"] = message });
}
