using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>Checks what is there before it is read: required fields, fields that nobody asked for, enum values, nulls in lists.</summary>
/// <remarks>A field that is not known is refused wherever it stands: a limit that is misspelt must not come to be no limit.</remarks>
internal static class RequestShape
{
    /// <summary>All that is wrong, with the names of the fields; null when nothing is.</summary>
    public static Error? Check(JsonElement body, JsonTypeInfo type)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Error.Invalid("body", "The body must be a JSON object.");
        }

        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        RequestText.Check(body, "", problems);
        if (problems.Count == 0)
        {
            Check(body, type, "", problems);
        }

        return FieldErrors.From(problems);
    }

    private static void Check(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string> problems)
    {
        if (type.Kind == JsonTypeInfoKind.Object && element.ValueKind == JsonValueKind.Object)
        {
            CheckFields(element, type, path, problems);
        }
        else if (type.Kind == JsonTypeInfoKind.Enumerable && element.ValueKind == JsonValueKind.Array)
        {
            CheckItems(element, type, path, problems);
        }
        else if (element.ValueKind == JsonValueKind.String)
        {
            CheckText(element, type, path, problems);
        }
    }

    private static void CheckFields(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string> problems)
    {
        CheckNames(element, type, path, problems);
        foreach (var property in type.Properties)
        {
            var name = FieldErrors.Join(path, property.Name);
            if (!element.TryGetProperty(property.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (property.IsRequired)
                {
                    problems.TryAdd(name, "is required");
                }
            }
            else
            {
                Check(value, type.Options.GetTypeInfo(property.PropertyType), name, problems);
            }
        }
    }

    private static void CheckNames(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string> problems)
    {
        foreach (var name in element.EnumerateObject().Select(static property => property.Name))
        {
            if (!type.Properties.Any(property => property.Name == name))
            {
                var known = string.Join(", ", type.Properties.Select(static property => property.Name));
                problems.TryAdd(FieldErrors.Join(path, name), $"is not known; {(path.Length == 0 ? "the body" : path)} may have {known}");
            }
        }
    }

    private static void CheckItems(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string> problems)
    {
        var itemType = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            var name = $"{path}[{index++}]";
            if (item.ValueKind == JsonValueKind.Null)
            {
                problems.TryAdd(name, "must not be null");
            }
            else
            {
                Check(item, itemType, name, problems);
            }
        }
    }

    private static void CheckText(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string> problems)
    {
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) is not { IsEnum: true } enumeration)
        {
            return;
        }

        var names = Enum.GetNames(enumeration).Select(JsonNamingPolicy.CamelCase.ConvertName).ToArray();
        if (!names.Contains(element.GetString(), StringComparer.Ordinal))
        {
            problems.TryAdd(path, $"must be one of {string.Join(", ", names)}");
        }
    }
}
