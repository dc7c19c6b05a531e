using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using MidnightOS.Api.Hosting;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Security;

namespace MidnightOS.Api.Documents;

/// <summary>The OpenAPI document of the API, made from the code.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services) => services.AddSingleton<RequestTypes>().AddOpenApi(Name, static options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer<OperationDocument>();
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            // The enums of this API are strings; the generator leaves that unsaid.
            schema.Type ??= schema.Enum is { Count: > 0 } ? JsonSchemaType.String : null;
            schema.AdditionalPropertiesAllowed &= !context.ApplicationServices.GetRequiredService<RequestTypes>().Contains(context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi(Routes.OpenApi).AllowAnonymous().Limited(RateLimit.Reads);

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MidnightOS.Functions",
            Version = Name,
            Description = "Bots that own wallets on the Midnight blockchain. Errors are application/problem+json with a stable code.",
        };

        // Where the document was asked for says nothing about where the API is reached.
        var address = context.ApplicationServices.GetRequiredService<ApiOptions>().PublicAddress;
        document.Servers = address is null ? [] : [new OpenApiServer { Url = address }];
        document.AddComponent<IOpenApiSecurityScheme>(SessionAuthentication.Name, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access token of a session: ES256, 15 minutes.",
        });
        return Task.CompletedTask;
    }
}
