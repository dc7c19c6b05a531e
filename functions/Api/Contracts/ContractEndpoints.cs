using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Api.Wallets;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Api.Contracts;

/// <summary>Contract calls of a bot.</summary>
internal static class ContractEndpoints
{
    // Keys in base64, transcript, and room for the rest.
    private const int LargestCall = (CheckCall.MaxKeys / 3 * 4) + CheckCall.MaxWitness + (64 * 1024);

    /// <summary>Maps <c>/api/bots/{id}/contracts/{address}/calls</c>.</summary>
    public static void MapContracts(this IEndpointRouteBuilder routes) => routes
        .MapPost(Routes.Bots + "/{id}/contracts/{address}/calls", CallAsync).WithTags("Contracts")
        .Requires(Permission.WalletsSpend).Limited(RateLimit.Spends).Idempotent().WithMetadata(new RequestSizeLimitAttribute(LargestCall))
        .Documented("callContract", "Accepts a contract call; its proof is made by the proof service, and the transaction tells what becomes of it.")
        .Answers<TransactionResponse>(StatusCodes.Status202Accepted)
        .Fails(ErrorCodes.NotFound, ErrorCodes.InvalidState, ErrorCodes.WalletNotReady, ErrorCodes.PolicyDenied, ErrorCodes.UpstreamUnavailable);

    private static async Task<IResult> CallAsync(
        string id, string address, Body<CallBody> body, Caller caller, IdempotencyContext idempotency, CallContract call, CancellationToken cancellationToken)
    {
        using var payload = body.Value.ToPayload();
        var request = new CallRequest(caller.Tenant, id, caller.UserId, new ContractCall(address, body.Value.EntryPoint), payload, body.Value.Note)
        {
            TransactionId = idempotency.DeriveId(IdPrefix.Transaction),
        };
        return (await call.RunAsync(request, cancellationToken)).ToHttp(static transaction =>
            Results.Accepted($"{Routes.Transactions}/{transaction.Id}", new TransactionResponse(TransactionView.Of(transaction))));
    }
}
