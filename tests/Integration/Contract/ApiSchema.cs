using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>The OpenAPI document as a judge of answers: names, types, enums, what is required and what may be null.</summary>
internal sealed partial class ApiSchema(JsonElement document)
{
    public const string Problem = "#/components/schemas/Problem";

    public JsonElement Document => document;

    public IEnumerable<(string Name, JsonElement Operation)> Operations =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    /// <summary>The operation that a request is for; null when the document has none.</summary>
    public (string Name, JsonElement Operation)? Find(string method, string path)
    {
        var fitting = Operations.Where(operation => Fits(operation.Name, method, path)).ToList();

        // A path without parameters goes before one with them.
        return fitting.Count == 0 ? null : fitting.MinBy(static operation => operation.Name.Count(static c => c == '{'));
    }

    /// <summary>What a <c>$ref</c> points to.</summary>
    public JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, static (at, name) => at.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal)));

    /// <summary>What differs between a value and a schema, by path.</summary>
    public IEnumerable<string> Differences(JsonElement value, JsonElement schema, string path = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Differences(value, Resolve(reference.GetString()!), path);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var each = choices.EnumerateArray().Select(choice => Differences(value, choice, path).ToList()).ToList();
            return each.Count(static differences => differences.Count == 0) == 1 ? [] : each.OrderBy(static differences => differences.Count).Last();
        }

        return TypeDifference(value, schema, path) is { } wrong ? [wrong] : value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(value, schema, path),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) =>
                value.EnumerateArray().SelectMany((item, index) => Differences(item, items, $"{path}[{index}]")),
            JsonValueKind.String => OfText(value.GetString()!, schema, path),
            _ => [],
        };
    }

    private static bool Fits(string name, string method, string path)
    {
        var (verb, template) = (name.Split(' ')[0], name.Split(' ')[1]);
        var (wanted, given) = (template.Split('/'), path.Split('/'));
        return verb == method && wanted.Length == given.Length
            && wanted.Zip(given).All(static pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    private static string? TypeDifference(JsonElement value, JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return null;
        }

        var allowed = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(static t => t.GetString()!).ToList() : [type.GetString()!];
        var actual = value.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        return allowed.Contains(actual, StringComparer.Ordinal) || (actual == "integer" && allowed.Contains("number", StringComparer.Ordinal))
            ? null
            : $"{path}: {actual} is not {string.Join('|', allowed)}";
    }

    private IEnumerable<string> OfObject(JsonElement value, JsonElement schema, string path)
    {
        var known = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value, StringComparer.Ordinal)
            : null;
        var missing = (schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(static name => name.GetString()!) : [])
            .Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}.{name} is missing");
        return missing.Concat(value.EnumerateObject().SelectMany(property => OfProperty(property, known, schema, $"{path}.{property.Name}")));
    }

    private IEnumerable<string> OfProperty(JsonProperty property, Dictionary<string, JsonElement>? known, JsonElement schema, string path) =>
        known is not null && known.TryGetValue(property.Name, out var own) ? Differences(property.Value, own, path)
        : schema.TryGetProperty("additionalProperties", out var other) ? Differences(property.Value, other, path)
        : known is not null ? [$"{path} is not in the document"]
        : [];

    private static IEnumerable<string> OfText(string text, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(value => value.GetString() == text))
        {
            yield return $"{path}: {text} is none of {values.GetRawText()}";
        }

        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && !UtcTime().IsMatch(text))
        {
            yield return $"{path}: {text} is not a time in UTC";
        }
    }

    /// <summary>RFC 3339 in UTC, with <c>Z</c>.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    public static partial Regex UtcTime();
}
