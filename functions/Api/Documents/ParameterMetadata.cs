using Microsoft.OpenApi;

namespace MidnightOS.Api.Documents;

/// <summary>A parameter that an endpoint reads by itself, for the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Description">One sentence.</param>
internal sealed record ParameterMetadata(string Name, ParameterLocation In, JsonSchemaType Type, string Description)
{
    /// <summary>Bounds and default, if it has any.</summary>
    public Action<OpenApiSchema>? Bounds { get; init; }

    public OpenApiParameter ToOpenApi()
    {
        var schema = new OpenApiSchema { Type = Type };
        Bounds?.Invoke(schema);
        return new OpenApiParameter { Name = Name, In = In, Description = Description, Schema = schema };
    }
}
