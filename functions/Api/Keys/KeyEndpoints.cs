using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Lists;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Keys;

/// <summary>Keys with which programs ask the proof service.</summary>
internal static class KeyEndpoints
{
    /// <summary>Maps <c>/api/keys</c>.</summary>
    /// <remarks>Making a key takes no idempotency key: the answer would have to be kept, and with it the key.</remarks>
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup(Routes.ApiKeys).WithTags("Keys");
        keys.MapPost("", CreateAsync).Requires(Permission.KeysManage).Limited(RateLimit.BotChanges)
            .Documented("createKey", "Makes a key for programs that ask the proof service; it is shown this once.")
            .Answers<NewApiKeyResponse>(StatusCodes.Status201Created).Fails(ErrorCodes.Conflict);
        keys.MapGet("", ListAsync).Requires(Permission.KeysManage).Limited(RateLimit.Reads)
            .Documented("listKeys", "The tenant's keys, newest first.").Answers<PageResponse<ApiKeyResponse>>();
        keys.MapDelete("/{id}", RevokeAsync).Requires(Permission.KeysManage).Limited(RateLimit.BotChanges)
            .Documented("deleteKey", "Deletes a key; it stops working at once.")
            .Answers(StatusCodes.Status204NoContent).Fails(ErrorCodes.NotFound);
    }

    private static async Task<IResult> CreateAsync(Body<CreateKeyBody> body, Caller caller, CreateApiKey create, CancellationToken cancellationToken) =>
        (await create.RunAsync(caller, body.Value.Name, cancellationToken)).ToHttp(static made => Results.Json(NewApiKeyResponse.From(made), statusCode: StatusCodes.Status201Created));

    private static async Task<IResult> ListAsync(PageRequest page, Caller caller, ListApiKeys list, CancellationToken cancellationToken)
    {
        var (keys, continuation) = await list.RunAsync(caller.Tenant, page.Limit, page.Continuation, cancellationToken);
        return Results.Ok(PageResponse<ApiKeyResponse>.Of([.. keys.Select(ApiKeyResponse.From)], page, continuation));
    }

    private static async Task<IResult> RevokeAsync(string id, Caller caller, RevokeApiKey revoke, CancellationToken cancellationToken) =>
        (await revoke.RunAsync(caller, id, cancellationToken)).ToHttp();
}
