using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Documents;

/// <summary>Error codes that an endpoint answers beside those that every endpoint may.</summary>
/// <param name="Codes">From <see cref="ErrorCodes"/>.</param>
internal sealed record FailureMetadata(IReadOnlyList<ErrorCode> Codes);

/// <summary>Tells the OpenAPI document that an endpoint answers with server-sent events.</summary>
/// <param name="Events">The types of its events and what they hold.</param>
internal sealed record EventStreamMetadata(string Events);

/// <summary>What endpoints say of themselves in the OpenAPI document.</summary>
internal static class DocumentConventions
{
    /// <summary>The operation's id, in camelCase, and one sentence.</summary>
    public static RouteHandlerBuilder Documented(this RouteHandlerBuilder endpoint, string operationId, string summary) =>
        endpoint.WithName(operationId).WithSummary(summary);

    /// <summary>A success with a JSON body.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.Produces<T>(status);

    /// <summary>A success without a body.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status) => endpoint.Produces(status);

    /// <summary>A success as server-sent events.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="events">The types of its events and what they hold.</param>
    public static RouteHandlerBuilder Streams(this RouteHandlerBuilder endpoint, string events) =>
        endpoint.WithMetadata(new EventStreamMetadata(events));

    /// <summary>Failures of this endpoint.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params ErrorCode[] codes) =>
        endpoint.WithMetadata(new FailureMetadata(codes));
}
