using System.Text.Json;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Agents;

/// <summary>Checks a model's arguments against a tool's schema: objects of strings and integers with bounds, nothing unknown.</summary>
internal static class ToolArguments
{
    private const int MaxBytes = 8 * 1024;
    private static readonly JsonElement Empty = JsonSerializer.Deserialize<JsonElement>("{}");

    /// <summary>The arguments as a JSON object; empty when they cannot be written as one.</summary>
    public static JsonElement ToJson(IDictionary<string, object?>? arguments)
    {
        try
        {
            var json = arguments is null ? Empty : JsonSerializer.SerializeToElement(new Dictionary<string, object?>(arguments, StringComparer.Ordinal));
            return json.GetRawText().Length <= MaxBytes ? json : Empty;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            // A model's arguments are foreign objects; what cannot be written as JSON is as good as absent, and required fields fail on it.
            return Empty;
        }
    }

    /// <summary>The arguments when they fit.</summary>
    public static Result<JsonElement> Read(JsonElement schema, IDictionary<string, object?> arguments)
    {
        var json = ToJson(arguments);
        var properties = schema.GetProperty("properties");
        foreach (var required in schema.GetProperty("required").EnumerateArray())
        {
            if (!json.TryGetProperty(required.GetString()!, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return Error.Invalid(required.GetString()!, $"{required.GetString()} is missing.");
            }
        }

        foreach (var argument in json.EnumerateObject())
        {
            if (!properties.TryGetProperty(argument.Name, out var rule))
            {
                return Error.Invalid("arguments", "There is an argument that this tool does not have.");
            }

            if (argument.Value.ValueKind != JsonValueKind.Null && Problem(rule, argument.Value) is { } problem)
            {
                return Error.Invalid(argument.Name, $"{argument.Name} {problem}");
            }
        }

        return json;
    }

    /// <summary>A text argument; null when it is absent.</summary>
    public static string? Text(this JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A whole number; null when it is absent.</summary>
    public static int? Whole(this JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static string? Problem(JsonElement rule, JsonElement value) => rule.GetProperty("type").GetString() switch
    {
        "string" => value.ValueKind != JsonValueKind.String ? "must be a text."
            : value.GetString()!.Length > rule.GetProperty("maxLength").GetInt32() ? "is too long."
            : value.GetString()!.Any(char.IsControl) ? "must not hold control characters."
            : null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number >= rule.GetProperty("minimum").GetInt32() && number <= rule.GetProperty("maximum").GetInt32()
            ? null
            : $"must be a whole number from {rule.GetProperty("minimum")} to {rule.GetProperty("maximum")}.",
        var type => throw new InvalidOperationException($"A tool's schema uses the type {type}, which is not checked."),
    };
}
