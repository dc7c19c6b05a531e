using Azure.Data.Tables;

namespace MidnightOS.Azure.Tables;

/// <summary>Texts over the limit of a property, split over several: <c>Data</c>, <c>Data1</c>, <c>Data2</c>…</summary>
/// <remarks>A property holds 64 KiB of UTF-16: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model.</remarks>
internal static class LongText
{
    private const int Characters = 32 * 1024;

    public static void Write(TableEntity entity, string name, string? text)
    {
        for (var part = 0; text is not null && (part == 0 || part * Characters < text.Length); part++)
        {
            entity[Name(name, part)] = text.Substring(part * Characters, Math.Min(Characters, text.Length - (part * Characters)));
        }
    }

    public static string? Read(TableEntity entity, string name)
    {
        var parts = new List<string>();
        while (entity.GetString(Name(name, parts.Count)) is { } part)
        {
            parts.Add(part);
        }

        return parts.Count == 0 ? null : string.Concat(parts);
    }

    private static string Name(string name, int part) => part == 0 ? name : $"{name}{part}";
}
