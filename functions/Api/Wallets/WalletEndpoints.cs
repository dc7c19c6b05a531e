using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.Lists;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Api.Wallets;

/// <summary>A bot's wallet and its transactions.</summary>
internal static class WalletEndpoints
{
    /// <summary>Maps <c>/api/bots/{id}/wallet</c>, <c>/api/bots/{id}/transactions</c> and <c>/api/transactions</c>.</summary>
    public static void MapWallets(this IEndpointRouteBuilder routes)
    {
        var bot = routes.MapGroup(Routes.Bots + "/{id}").WithTags("Wallets");
        bot.MapGet("/wallet", GetAsync).Requires(Permission.WalletsRead).Limited(RateLimit.Reads)
            .Documented("getWallet", "Addresses, balances and how far they follow the chain.")
            .Answers<WalletView>().Fails(ErrorCodes.NotFound, ErrorCodes.WalletNotReady);
        bot.MapPost("/wallet/send", SendAsync).Requires(Permission.WalletsSpend).Limited(RateLimit.Spends).Idempotent()
            .Documented("send", "Accepts a transfer, its amount reserved; with dryRun=true it only says what would become of it.")
            .Answers<TransactionResponse>(StatusCodes.Status202Accepted).Answers<DryRunResponse>()
            .Fails(
                ErrorCodes.NotFound, ErrorCodes.InvalidState, ErrorCodes.WalletNotReady, ErrorCodes.InvalidAddress, ErrorCodes.PolicyDenied,
                ErrorCodes.InsufficientFunds, ErrorCodes.UpstreamUnavailable);
        bot.MapPost("/wallet/export", ExportAsync).Requires(Permission.WalletsExport).Limited(RateLimit.Login)
            .Documented("exportWallet", "The wallet's seed as 24 words, for its owner.")
            .Answers<ExportResponse>().Fails(ErrorCodes.NotFound, ErrorCodes.WalletNotReady);
        bot.MapGet("/transactions", ListAsync).Requires(Permission.WalletsRead).Limited(RateLimit.Reads)
            .Documented("listTransactions", "The bot's transactions, newest first.").Answers<PageResponse<TransactionView>>().Fails(ErrorCodes.NotFound);

        var transactions = routes.MapGroup(Routes.Transactions + "/{id}").WithTags("Wallets");
        transactions.MapGet("", FindAsync).Requires(Permission.WalletsRead).Limited(RateLimit.Reads)
            .Documented("getTransaction", "A transaction.").Answers<TransactionView>().Fails(ErrorCodes.NotFound);
        transactions.MapPost("/confirm", ConfirmAsync).Requires(Permission.WalletsSpend).Limited(RateLimit.Spends).Idempotent()
            .Documented("confirmTransaction", "Confirms a transaction that waits for it.")
            .Answers<TransactionView>().Fails(ErrorCodes.NotFound, ErrorCodes.InvalidState);
        transactions.MapPost("/cancel", CancelAsync).Requires(Permission.WalletsSpend).Limited(RateLimit.Spends)
            .Documented("cancelTransaction", "Cancels a transaction that was not submitted yet.")
            .Answers<TransactionView>().Fails(ErrorCodes.NotFound, ErrorCodes.InvalidState);
    }

    private static async Task<IResult> GetAsync(string id, Caller caller, GetWallet get, CancellationToken cancellationToken) =>
        (await get.RunAsync(caller.Tenant, id, cancellationToken)).ToHttp(Results.Ok);

    private static async Task<IResult> SendAsync(
        string id, Body<SendBody> body, QueryFlag dryRun, Caller caller, IdempotencyContext idempotency, SendFunds send, CheckSend check,
        CancellationToken cancellationToken)
    {
        var wish = body.Value;
        var request = new SendRequest(caller.Tenant, id, caller.UserId, wish.To, wish.Amount, wish.Token, wish.Note)
        {
            TransactionId = idempotency.DeriveId(IdPrefix.Transaction),
        };
        if (dryRun.IsSet)
        {
            return DryRun((await check.RunAsync(request, sweep: false, cancellationToken)).WithAddressIn("to"));
        }

        return (await send.RunAsync(request, cancellationToken)).WithAddressIn("to").ToHttp(static transaction =>
            Results.Accepted($"{Routes.Transactions}/{transaction.Id}", new TransactionResponse(TransactionView.Of(transaction))));
    }

    // What the request itself gets wrong stays an error; what the wallet, the policy or the network says to it is the outcome.
    private static IResult DryRun(Result<CheckedSend> outcome) => outcome.Match(
        static send => Results.Ok(DryRunResponse.From(send)),
        static error => error.Code.Status is StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound
            ? error.ToHttp()
            : Results.Ok(DryRunResponse.From(error)));

    private static async Task<IResult> ExportAsync(
        string id, Body<ExportBody> body, Caller caller, ExportWallet export, CancellationToken cancellationToken) =>
        (await export.RunAsync(caller, id, body.Value.Password, cancellationToken)).ToHttp(static mnemonic => Results.Ok(new ExportResponse(mnemonic)));

    private static async Task<IResult> ListAsync(
        string id, PageRequest page, Caller caller, ReadTransactions read, CancellationToken cancellationToken) =>
        (await read.ListAsync(caller.Tenant, id, page.Limit, page.Continuation, cancellationToken)).ToHttp(found =>
            Results.Ok(PageResponse<TransactionView>.Of([.. found.Transactions.Select(TransactionView.Of)], page, found.Continuation)));

    private static async Task<IResult> FindAsync(string id, Caller caller, ReadTransactions read, CancellationToken cancellationToken) =>
        (await read.FindAsync(caller.Tenant, id, cancellationToken)).ToHttp(Show);

    private static async Task<IResult> ConfirmAsync(string id, Caller caller, DecideTransaction decide, CancellationToken cancellationToken) =>
        (await decide.ConfirmAsync(caller.Tenant, id, cancellationToken)).ToHttp(Show);

    private static async Task<IResult> CancelAsync(string id, Caller caller, DecideTransaction decide, CancellationToken cancellationToken) =>
        (await decide.CancelAsync(caller.Tenant, id, cancellationToken)).ToHttp(Show);

    private static IResult Show(Transaction transaction) => Results.Ok(TransactionView.Of(transaction));
}
