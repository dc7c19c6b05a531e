using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Lists;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Security;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Events;

/// <summary>An event of the tenant's stream.</summary>
/// <param name="Id"><c>evt_…</c>; later events have greater ids.</param>
/// <param name="Type"><c>bot_status</c>, <c>transaction</c>, <c>proposal</c> or <c>activity</c>.</param>
/// <param name="Subject">The id that it is about.</param>
/// <param name="At">When the change was made.</param>
/// <param name="Data">What changed.</param>
internal sealed record EventResponse(string Id, string Type, string Subject, DateTimeOffset At, JsonElement Data)
{
    public static EventResponse From(TenantEvent told) => new(told.Id, told.Type, told.Subject, told.At, told.Data);
}

/// <summary>The tenant's events: as server-sent events, and as a list.</summary>
internal static class EventEndpoints
{
    private const string LastEventIdHeader = "Last-Event-ID";
    private const int IdDigits = 20;
    private static readonly string BeforeTheFirst = IdPrefix.Event + new string('0', IdDigits);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly ParameterMetadata LastEventId = new(
        LastEventIdHeader, ParameterLocation.Header, JsonSchemaType.String, "The id of the last event that the reader has; without it, the stream begins with what happens next.");

    /// <summary>Maps <c>/api/events</c> and <c>/api/activities</c>.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Events, StreamAsync).Requires(Permission.BotsRead).Limited(RateLimit.Reads).WithTags("Events")
            .Documented("streamEvents", "The tenant's events as they happen; Last-Event-ID goes on after one. Ends after 60 seconds.")
            .WithMetadata(LastEventId)
            .Streams("Events bot_status, transaction, proposal and activity, each with its id; the data is an EventResponse as JSON.");
        routes.MapGet(Routes.Activities, ListAsync).Requires(Permission.BotsRead).Limited(RateLimit.Reads).WithTags("Events")
            .Documented("listActivities", "The tenant's events of the last seven days, newest first.").Answers<PageResponse<EventResponse>>();
    }

    private static async Task<IResult> ListAsync(PageRequest page, Caller caller, ReadEvents read, CancellationToken cancellationToken)
    {
        var (events, continuation) = await read.ListAsync(caller.Tenant, page.Limit, page.Continuation, cancellationToken);
        return Results.Ok(PageResponse<EventResponse>.Of([.. events.Select(EventResponse.From)], page, continuation));
    }

    private static async Task<IResult> StreamAsync(HttpContext context, Caller caller, EventStreams streams)
    {
        string? after = context.Request.Headers[LastEventIdHeader];
        if (after is not null && !IsId(after))
        {
            return Error.Invalid(LastEventIdHeader, $"{LastEventIdHeader} is the id of an event of this stream.").ToHttp();
        }

        if (streams.TryEnter(caller) is not { } place)
        {
            return new Error(ErrorCodes.RateLimited, $"A user may have {EventStreams.PerUser} event streams open. Close one first.") { RetryAfter = RetryAfter }.ToHttp();
        }

        context.Response.RegisterForDispose(place);
        var from = await streams.StartAsync(caller, after, context.RequestAborted);
        return new EventStreamResult(streams.FollowAsync(caller, from, context.RequestAborted), from.Length == 0 ? BeforeTheFirst : from);
    }

    private static bool IsId(string text) =>
        text.Length == IdPrefix.Event.Length + IdDigits && text.StartsWith(IdPrefix.Event, StringComparison.Ordinal)
        && text.AsSpan(IdPrefix.Event.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
