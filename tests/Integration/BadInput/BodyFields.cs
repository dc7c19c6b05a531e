using System.Text.Json;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Contract;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>A place in a request's body, as the OpenAPI document tells of it.</summary>
/// <param name="Path">Names from the outside in.</param>
/// <param name="Types">The JSON types that it may have.</param>
/// <param name="HasFields">Whether it is an object whose fields the document names.</param>
/// <param name="IsClosed">Whether it takes no other fields than those.</param>
internal sealed record BodyField(string[] Path, IReadOnlyList<string> Types, bool HasFields, bool IsClosed)
{
    public string Name => string.Join('.', Path);
}

/// <summary>Finds the fields of a body in the document.</summary>
internal static class BodyFields
{
    /// <summary>Every field of an operation's body, the body itself first; empty when it takes none.</summary>
    public static IReadOnlyList<BodyField> Of(ApiSchema schema, JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body)
            ? [.. Walk(schema, body.GetProperty("content").GetProperty("application/json").GetProperty("schema"), [])]
            : [];

    /// <summary>The body with the raw text of a JSON value at a place.</summary>
    public static string With(JsonObject body, string[] path, string json)
    {
        const string Mark = "\"@@here@@\"";
        var copy = body.DeepClone().AsObject();
        var at = copy;
        foreach (var name in path[..^1])
        {
            at = (at[name] ??= new JsonObject()).AsObject();
        }

        at[path[^1]] = "@@here@@";
        return copy.ToJsonString().Replace(Mark, json, StringComparison.Ordinal);
    }

    private static IEnumerable<BodyField> Walk(ApiSchema schema, JsonElement element, string[] path)
    {
        var shapes = Shapes(schema, element).ToList();
        var own = shapes.Find(static shape => shape.TryGetProperty("properties", out _));
        var hasFields = own.ValueKind == JsonValueKind.Object;
        yield return new BodyField(path, [.. shapes.SelectMany(TypesOf).Distinct(StringComparer.Ordinal)], hasFields, hasFields && IsClosed(own));
        if (!hasFields)
        {
            yield break;
        }

        foreach (var property in own.GetProperty("properties").EnumerateObject())
        {
            foreach (var field in Walk(schema, property.Value, [.. path, property.Name]))
            {
                yield return field;
            }
        }
    }

    private static IEnumerable<JsonElement> Shapes(ApiSchema schema, JsonElement element) =>
        element.TryGetProperty("$ref", out var reference) ? Shapes(schema, schema.Resolve(reference.GetString()!))
        : element.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray().SelectMany(choice => Shapes(schema, choice))
        : [element];

    private static IEnumerable<string> TypesOf(JsonElement shape) =>
        !shape.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(static one => one.GetString()!)
        : [type.GetString()!];

    private static bool IsClosed(JsonElement shape) => shape.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False;
}
