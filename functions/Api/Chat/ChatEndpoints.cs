using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Events;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.Lists;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Chat;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Chat;

/// <summary>Chats with bots: as one answer or as a stream.</summary>
internal static class ChatEndpoints
{
    /// <summary>Maps the chat routes under <c>/api/bots/{id}</c> and <c>/api/chat</c>.</summary>
    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Bots + "/{id}/chat", ChatAsync).Talks()
            .Documented("chat", "Sends a message to a bot. With Accept: text/event-stream the answer comes as delta, toolCall and done events.");
        routes.MapPost(Routes.Chat, ChatWithBotAsync).Talks()
            .Documented("chatWithBot", "Sends a message to the bot that the body names.");
        routes.MapGet(Routes.Bots + "/{id}/conversations", ListAsync).Requires(Permission.ChatUse).Limited(RateLimit.Reads).WithTags("Chat")
            .Documented("listConversations", "The user's conversations with a bot, newest first.")
            .Answers<PageResponse<ConversationResponse>>().Fails(ErrorCodes.NotFound);
        routes.MapGet(Routes.Chat + "/{sessionId}", GetAsync).Requires(Permission.ChatUse).Limited(RateLimit.Reads).WithTags("Chat")
            .Documented("getConversation", "The messages of one of the user's conversations, in order.")
            .Answers<MessagesResponse>().Fails(ErrorCodes.NotFound);
    }

    private static RouteHandlerBuilder Talks(this RouteHandlerBuilder endpoint) =>
        endpoint.Requires(Permission.ChatUse).Limited(RateLimit.Chat).Idempotent().WithTags("Chat")
            .Answers<ChatResponse>()
            .Streams("Events delta (a DeltaResponse), toolCall (a ToolCallResponse) and at the end done (the ChatResponse), each as JSON.")
            .Fails(ErrorCodes.NotFound, ErrorCodes.InvalidState, ErrorCodes.Conflict);

    private static Task<IResult> ChatAsync(
        string id, Body<ChatBody> body, Caller caller, IdempotencyContext idempotency, SendMessage send, HttpContext context) =>
        AnswerAsync(new SendMessageRequest(caller.Tenant, caller.UserId, id, body.Value.Message, body.Value.SessionId), idempotency, send, context);

    private static Task<IResult> ChatWithBotAsync(
        Body<ChatWithBotBody> body, Caller caller, IdempotencyContext idempotency, SendMessage send, HttpContext context) =>
        AnswerAsync(
            new SendMessageRequest(caller.Tenant, caller.UserId, body.Value.BotId, body.Value.Message, body.Value.SessionId), idempotency, send, context);

    private static async Task<IResult> AnswerAsync(SendMessageRequest request, IdempotencyContext idempotency, SendMessage send, HttpContext context)
    {
        request = request with { MessageId = idempotency.DeriveId(IdPrefix.Message) };
        if (!context.Request.GetTypedHeaders().Accept.Any(static accept => accept.MediaType.Equals(EventStreamResult.MediaType, StringComparison.OrdinalIgnoreCase)))
        {
            return (await send.RunAsync(request, context.RequestAborted)).ToHttp(static answer => Results.Ok(ChatResponse.From(answer)));
        }

        var begun = await send.BeginAsync(request, context.RequestAborted);
        return begun.ToHttp(static turn => new ChatStreamResult(turn));
    }

    private static async Task<IResult> ListAsync(
        string id, PageRequest page, Caller caller, ReadConversations read, CancellationToken cancellationToken)
    {
        var found = await read.ListAsync(caller.Tenant, caller.UserId, id, page.Limit, page.Continuation, cancellationToken);
        return found.ToHttp(list => Results.Ok(
            PageResponse<ConversationResponse>.Of([.. list.Conversations.Select(ConversationResponse.From)], page, list.Continuation)));
    }

    private static async Task<IResult> GetAsync(
        string sessionId, PageRequest page, Caller caller, ReadConversations read, CancellationToken cancellationToken)
    {
        var found = await read.GetAsync(caller.Tenant, caller.UserId, sessionId, page.Limit, page.Continuation, cancellationToken);
        return found.ToHttp(conversation => Results.Ok(MessagesResponse.From(conversation, page)));
    }
}
