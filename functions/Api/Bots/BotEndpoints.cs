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
using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Bots;

/// <summary>Bots and the operations on them.</summary>
internal static class BotEndpoints
{
    /// <summary>Maps <c>/api/bots</c> and <c>/api/operations</c>.</summary>
    public static void MapBots(this IEndpointRouteBuilder routes)
    {
        var bots = routes.MapGroup(Routes.Bots).WithTags("Bots");
        bots.MapPost("", CreateAsync).Requires(Permission.BotsWrite).Limited(RateLimit.BotChanges).Idempotent()
            .Documented("createBot", "Accepts a bot's creation; the operation shows its stages.")
            .Answers<BotOperationResponse>(StatusCodes.Status202Accepted).Fails(ErrorCodes.Conflict);
        bots.MapGet("", ListAsync).Requires(Permission.BotsRead).Limited(RateLimit.Reads)
            .Documented("listBots", "The tenant's bots, newest first.").Answers<PageResponse<BotResponse>>();
        bots.MapGet("/{id}", GetAsync).Requires(Permission.BotsRead).Limited(RateLimit.Reads)
            .Documented("getBot", "A bot, with its ETag.").Answers<BotResponse>().Fails(ErrorCodes.NotFound);
        bots.MapPut("/{id}", ReplaceAsync).Requires(Permission.BotsWrite).Limited(RateLimit.BotChanges)
            .Documented("replaceBot", "Replaces a bot's name, description, model and configuration.").Answers<BotResponse>().ChangeFails();
        bots.MapPatch("/{id}", PatchAsync).Requires(Permission.BotsWrite).Limited(RateLimit.BotChanges)
            .Documented("patchBot", "Changes a bot by a JSON merge patch.").Answers<BotResponse>().ChangeFails();
        bots.MapDelete("/{id}", DeleteAsync).Requires(Permission.BotsWrite).Limited(RateLimit.BotChanges)
            .Documented("deleteBot", "Accepts a bot's deletion; funds go to sweepTo first.")
            .Answers<BotOperationResponse>(StatusCodes.Status202Accepted).ChangeFails().Fails(ErrorCodes.InvalidAddress);
        MapMoves(bots);
        routes.MapGet(Routes.Operations + "/{id}", OperationAsync).Requires(Permission.BotsRead).Limited(RateLimit.Reads).WithTags("Bots")
            .Documented("getOperation", "A long-running operation with its stages.").Answers<OperationResponse>().Fails(ErrorCodes.NotFound);
    }

    private static void MapMoves(RouteGroupBuilder bots)
    {
        foreach (var action in (BotAction[])[BotAction.Start, BotAction.Stop, BotAction.Pause, BotAction.Resume])
        {
            var verb = action.ToString().ToLowerInvariant();
            bots.MapPost($"/{{id}}/{verb}", (string id, Caller caller, MoveBot move, HttpContext context, CancellationToken cancellationToken) =>
                    MoveAsync(id, action, caller, move, context, cancellationToken))
                .Requires(Permission.BotsWrite).Limited(RateLimit.BotChanges)
                .Documented($"{verb}Bot", $"{action}s a bot.")
                .Answers<BotResponse>().Fails(ErrorCodes.NotFound, ErrorCodes.InvalidState);
        }
    }

    private static RouteHandlerBuilder ChangeFails(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(ErrorCodes.NotFound, ErrorCodes.PreconditionFailed, ErrorCodes.InvalidState);

    private static async Task<IResult> CreateAsync(
        Body<CreateBotBody> body, Caller caller, IdempotencyContext idempotency, CreateBot create, CancellationToken cancellationToken)
    {
        var wish = body.Value;
        var request = new CreateBotRequest(caller.Tenant, caller.UserId, wish.Name, wish.Description, wish.Type, wish.Model, wish.ToConfig())
        {
            Ids = idempotency.DeriveId(IdPrefix.Bot) is { } botId ? (botId, idempotency.DeriveId(IdPrefix.Operation)!) : null,
        };
        return (await create.RunAsync(request, cancellationToken)).ToHttp(Accepted);
    }

    private static async Task<IResult> ListAsync(PageRequest page, Caller caller, ReadBots read, CancellationToken cancellationToken)
    {
        var (bots, continuation) = await read.ListAsync(caller.Tenant, page.Limit, page.Continuation, cancellationToken);
        return Results.Ok(PageResponse<BotResponse>.Of([.. bots.Select(BotResponse.From)], page, continuation));
    }

    private static async Task<IResult> GetAsync(string id, Caller caller, ReadBots read, HttpContext context, CancellationToken cancellationToken) =>
        (await read.FindAsync(caller.Tenant, id, cancellationToken)).ToHttp(bot => Show(bot, context));

    private static async Task<IResult> ReplaceAsync(
        string id, Body<ReplaceBotBody> body, IfMatch ifMatch, Caller caller, ReadBots read, UpdateBot update, HttpContext context,
        CancellationToken cancellationToken)
    {
        var bot = await read.FindAsync(caller.Tenant, id, cancellationToken);
        return bot.IsSuccess && FixedFields.Check(bot.Value.Value, body.Value) is { } refused ? refused.ToHttp()
            : (await update.RunAsync(new UpdateBotRequest(caller.Tenant, id, ifMatch.ETag, body.Value.Apply), cancellationToken)).ToHttp(changed => Show(changed, context));
    }

    private static async Task<IResult> PatchAsync(
        string id, Body<PatchBotBody> body, IfMatch ifMatch, Caller caller, ReadBots read, UpdateBot update, HttpContext context,
        CancellationToken cancellationToken)
    {
        var patch = (await RequestBytes.ReadAsync(context)).Value.Content;
        var bot = await read.FindAsync(caller.Tenant, id, cancellationToken);
        if (bot.IsSuccess && (FixedFields.CheckType(bot.Value.Value, body.Value.Type) ?? Patched(bot.Value.Value).Error) is { } refused)
        {
            return refused.ToHttp();
        }

        // What is wrong with a patch does not depend on the version of the bot, so that it was found above.
        var request = new UpdateBotRequest(caller.Tenant, id, ifMatch.ETag, current => Patched(current).Value.Apply(current));
        return (await update.RunAsync(request, cancellationToken)).ToHttp(changed => Show(changed, context));

        Result<ReplaceBotBody> Patched(Bot current) => MergePatch.Apply(ReplaceBotBody.Of(current), patch);
    }

    private static async Task<IResult> DeleteAsync(
        string id, string? sweepTo, IfMatch ifMatch, Caller caller, DeleteBot delete, CancellationToken cancellationToken) =>
        (await delete.RunAsync(new DeleteBotRequest(caller.Tenant, caller.UserId, id, ifMatch.ETag, sweepTo), cancellationToken)).WithAddressIn("sweepTo").ToHttp(Accepted);

    private static async Task<IResult> MoveAsync(
        string id, BotAction action, Caller caller, MoveBot move, HttpContext context, CancellationToken cancellationToken) =>
        (await move.RunAsync(caller.Tenant, id, action, reason: null, cancellationToken)).ToHttp(bot => Show(bot, context));

    private static async Task<IResult> OperationAsync(string id, Caller caller, GetOperation get, CancellationToken cancellationToken) =>
        (await get.RunAsync(caller.Tenant, id, cancellationToken)).ToHttp(static operation => Results.Ok(OperationResponse.From(operation)));

    private static IResult Accepted(BotOperation accepted) =>
        Results.Accepted($"{Routes.Operations}/{accepted.Operation.Id}", BotOperationResponse.From(accepted));

    private static IResult Show(Stored<Bot> bot, HttpContext context)
    {
        context.Response.SetETag(bot.ETag);
        return Results.Ok(BotResponse.From(bot.Value));
    }
}
