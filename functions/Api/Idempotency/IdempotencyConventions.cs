using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using MidnightOS.Api.Documents;

namespace MidnightOS.Api.Idempotency;

/// <summary>Tells the OpenAPI document that an endpoint takes an <c>Idempotency-Key</c>.</summary>
internal sealed record IdempotencyMetadata;

internal static class IdempotencyConventions
{
    private static readonly ParameterMetadata Header = new(
        IdempotencyFilter.KeyHeader, ParameterLocation.Header, JsonSchemaType.String, "The same key and body give the first answer again for 24 hours.");

    /// <summary>Takes an <c>Idempotency-Key</c>. For every POST that creates or spends; its handler answers with an <see cref="IResult"/> and creates under the id that <see cref="IdempotencyContext"/> derives.</summary>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new IdempotencyMetadata(), Header)
            .AddEndpointFilter(static (context, next) =>
                new IdempotencyFilter(context.HttpContext.RequestServices.GetRequiredService<IdempotencyStore>()).InvokeAsync(context, next));
}
