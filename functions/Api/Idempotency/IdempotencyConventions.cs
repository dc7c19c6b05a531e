using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MidnightOS.Api.Idempotency;

/// <summary>Tells the OpenAPI document that an endpoint takes an <c>Idempotency-Key</c>.</summary>
internal sealed record IdempotencyMetadata;

internal static class IdempotencyConventions
{
    /// <summary>Takes an <c>Idempotency-Key</c>. For every POST that creates or spends; its handler answers with an <see cref="IResult"/> and creates under the id that <see cref="IdempotencyContext"/> derives.</summary>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new IdempotencyMetadata())
            .AddEndpointFilter(static (context, next) =>
                new IdempotencyFilter(context.HttpContext.RequestServices.GetRequiredService<IdempotencyStore>()).InvokeAsync(context, next));
}
