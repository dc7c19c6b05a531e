using System.Text.Json;

namespace MidnightOS.Api.Requests;

/// <summary>Checks what JSON alone leaves open, whatever the type: no field is given twice and all text is Unicode.</summary>
internal static class RequestText
{
    /// <summary>Adds what is wrong to the problems, by field.</summary>
    public static void Check(JsonElement element, string path, Dictionary<string, string> problems)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                CheckFields(element, path, problems);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    Check(item, $"{path}[{index++}]", problems);
                }

                break;
            case JsonValueKind.String when Read(element.GetString) is null:
                problems.TryAdd(path, "is not valid Unicode text");
                break;
        }
    }

    private static void CheckFields(JsonElement element, string path, Dictionary<string, string> problems)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (Read(() => property.Name) is not { } name)
            {
                problems.TryAdd(path.Length == 0 ? "body" : path, "has a field whose name is not valid Unicode text");
                continue;
            }

            var field = FieldErrors.Join(path, name);
            if (!names.Add(name))
            {
                problems.TryAdd(field, "is given twice");
            }

            Check(property.Value, field, problems);
        }
    }

    private static string? Read(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json reports an escaped half of a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }
}
