using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.RateLimits;

namespace MidnightOS.Api.Documents;

/// <summary>The OpenAPI document of the API, made from the code.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name);

    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi(Routes.OpenApi).AllowAnonymous().Limited(RateLimit.Reads);
}
