using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MidnightOS.Core.Documents;

/// <summary>What the port demands of its callers. Breaking it is a bug of theirs and throws before anything is read or written.</summary>
internal static class DocumentRules
{
    private const int IdLength = 255;
    private const int PageLimit = 1000;

    /// <summary>Whether a document can have this key. A read asks before it looks: the id may be what a client made up.</summary>
    public static bool MayExist(DocumentKey key)
    {
        CheckText(key.Kind, "kind");
        return !string.IsNullOrEmpty(key.Id) && IsStorable(key.Id) && IsUnicode(key.Id);
    }

    public static void Check(DocumentKey key)
    {
        CheckText(key.Kind, "kind");
        CheckText(key.Id, "id");
        if (!IsStorable(key.Id))
        {
            throw new ArgumentException($"A document id has at most {IdLength} characters and none of / \\ # ?: '{key.Id}'.", nameof(key));
        }
    }

    public static void Check(DocumentQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckText(query.Kind, "kind");
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, PageLimit, nameof(query));
        if (query.Index is not null && query.Value is null)
        {
            throw new ArgumentException($"A query by the index '{query.Index}' needs a value.", nameof(query));
        }
    }

    public static void Check(IReadOnlyList<DocumentWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (writes.Count is 0 or > BatchLimits.Operations)
        {
            throw new ArgumentException($"A batch has 1 to {BatchLimits.Operations} operations, not {writes.Count}.", nameof(writes));
        }

        var keys = new HashSet<DocumentKey>();
        long bytes = 0;
        foreach (var write in writes)
        {
            Check(write.Key);
            if (!keys.Add(write.Key))
            {
                throw new ArgumentException($"A batch names a document once; this one names {write.Key} again.", nameof(writes));
            }

            if (write.Condition is { ETag: not null, MustNotExist: true })
            {
                throw new ArgumentException($"No document is absent and in a version: {write.Key}.", nameof(writes));
            }

            bytes += write is DocumentWrite.Put put ? CheckPut(put) : 0;
        }

        if (bytes > BatchLimits.Bytes)
        {
            throw new ArgumentException($"A batch has at most {BatchLimits.Bytes} bytes of JSON, not {bytes}.", nameof(writes));
        }
    }

    private static int CheckPut(DocumentWrite.Put put)
    {
        var entries = new HashSet<(string, string)>();
        foreach (var entry in put.Indexes)
        {
            CheckText(entry.Name, "index name");
            CheckUnicode(entry.Value, "index value");
            CheckUnicode(entry.Sort ?? "", "sort value");
            if (!entries.Add((entry.Name, entry.Value)))
            {
                throw new ArgumentException($"The document {put.Key} has the entry {entry.Name} = '{entry.Value}' twice.", nameof(put));
            }
        }

        CheckObject(put);
        return put.Json.Length;
    }

    private static void CheckObject(DocumentWrite.Put put)
    {
        try
        {
            var reader = new Utf8JsonReader(put.Json.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                reader.Skip();
                if (!reader.Read())
                {
                    return;
                }
            }
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"The document {put.Key} is not JSON.", nameof(put), error);
        }

        throw new ArgumentException($"The document {put.Key} is not one JSON object.", nameof(put));
    }

    private static void CheckText(string? text, string what)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new ArgumentException($"The {what} is empty.", nameof(text));
        }

        CheckUnicode(text, what);
    }

    private static bool IsStorable(string id) => id.Length <= IdLength && !id.AsSpan().ContainsAny("/\\#?");

    private static void CheckUnicode(string? text, string what)
    {
        ArgumentNullException.ThrowIfNull(text, what);
        if (!IsUnicode(text))
        {
            throw new ArgumentException($"The {what} is not valid Unicode.", nameof(text));
        }
    }

    // Half of a surrogate pair has no UTF-8 form: two such texts would be stored as the same.
    private static bool IsUnicode(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }
}
