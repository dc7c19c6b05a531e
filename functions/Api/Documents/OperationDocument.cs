using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Events;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Documents;

/// <summary>Completes the document of an operation by what its endpoint's metadata says: body, parameters, sign-in, failures.</summary>
internal sealed class OperationDocument : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<BodyMetadata>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Json] = new() { Schema = await SchemaAsync(body.Type, context, cancellationToken) } },
            };
        }

        foreach (var parameter in metadata.OfType<ParameterMetadata>())
        {
            (operation.Parameters ??= []).Add(parameter.ToOpenApi());
        }

        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SessionAuthentication.Name, context.Document)] = [] }];
        }

        if (metadata.OfType<EventStreamMetadata>().FirstOrDefault() is { } stream)
        {
            AddStream(operation, stream);
        }

        var problem = await SchemaAsync(typeof(Problem), context, cancellationToken);
        foreach (var failures in FailuresOf(metadata).Distinct().GroupBy(static code => code.Status).OrderBy(static group => group.Key))
        {
            (operation.Responses ??= []).TryAdd(failures.Key.ToString(CultureInfo.InvariantCulture), ResponseOf([.. failures], problem));
        }
    }

    private static IEnumerable<ErrorCode> FailuresOf(IList<object> metadata)
    {
        var reads = metadata.OfType<BodyMetadata>().Any();
        var signedIn = !metadata.OfType<IAllowAnonymous>().Any();
        var limited = metadata.OfType<RateLimitMetadata>().LastOrDefault()?.Limit is not null;
        return
        [
            .. metadata.OfType<FailureMetadata>().SelectMany(static failure => failure.Codes),
            .. reads || metadata.OfType<ParameterMetadata>().Any() ? [ErrorCodes.InvalidRequest] : Array.Empty<ErrorCode>(),
            .. reads ? [ErrorCodes.PayloadTooLarge, ErrorCodes.UnsupportedMediaType] : Array.Empty<ErrorCode>(),
            .. signedIn ? [ErrorCodes.Unauthorized] : Array.Empty<ErrorCode>(),
            .. metadata.OfType<PermissionMetadata>().Any() ? [ErrorCodes.Forbidden] : Array.Empty<ErrorCode>(),
            .. metadata.OfType<IdempotencyMetadata>().Any() ? [ErrorCodes.Conflict, ErrorCodes.IdempotencyMismatch] : Array.Empty<ErrorCode>(),
            .. limited ? [ErrorCodes.RateLimited, ErrorCodes.InternalError, ErrorCodes.UpstreamUnavailable] : Array.Empty<ErrorCode>(),
        ];
    }

    private static void AddStream(OpenApiOperation operation, EventStreamMetadata stream)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = stream.Events };
        const string Success = "200";
        var content = operation.Responses?[Success] is OpenApiResponse { Content: { } known } ? known : new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        content[EventStreamResult.MediaType] = new OpenApiMediaType { Schema = schema };
        operation.Responses![Success] = new OpenApiResponse { Description = operation.Responses[Success].Description, Content = content };
    }

    private static OpenApiResponse ResponseOf(IReadOnlyList<ErrorCode> codes, IOpenApiSchema problem) => new()
    {
        Description = string.Join("; ", codes.Select(static code => $"{code.Name}: {code.Title}")),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Problem.MediaType] = new() { Schema = problem } },
        Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
        {
            ["x-error-codes"] = new JsonNodeExtension(new JsonArray([.. codes.Select(static code => JsonValue.Create(code.Name))])),
        },
    };

    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }
}
