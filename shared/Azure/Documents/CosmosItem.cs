using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Documents;

/// <summary>How a document is written as an item: one item a document, so that a batch of the port is a batch of Cosmos DB.</summary>
/// <remarks>
/// <c>id</c> is kind and id; <c>version</c> is the ETag of the port (Cosmos DB's own changes whenever an item is touched, also by a check); <c>expires</c> is the exact end, <c>ttl</c> lets
/// Cosmos DB remove the item after it; <c>ix</c> holds one property for each index entry, named by the hash of kind, index and value, so that a query is a range of one path of the index.
/// </remarks>
internal static class CosmosItem
{
    /// <summary>Separates kind and id.</summary>
    public const char Separator = '|';

    /// <summary>The character after <see cref="Separator"/>: the end of the range of a kind.</summary>
    public const char AfterSeparator = '}';

    /// <summary>Separates sort value and id. No sort value holds it or what sorts before it, so the pair sorts as its parts do.</summary>
    public const char SortEnd = '\u0001';

    // So long an item stays after its end: clocks differ, and nothing reads it.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public static string Id(DocumentKey key) => key.Kind.Contains(Separator, StringComparison.Ordinal)
        ? throw new ArgumentException($"A kind has no {Separator}: '{key.Kind}'.", nameof(key))
        : $"{key.Kind}{Separator}{key.Id}";

    public static string DocumentId(string kind, string itemId) => itemId[(kind.Length + 1)..];

    /// <summary>The property of an index entry: 128 bits of SHA-256.</summary>
    public static string Property(string kind, string index, string value) =>
        "x" + Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { kind, index, value })).AsSpan(0, 16));

    public static string SortKey(string sort, string id) => sort.AsSpan().IndexOfAnyInRange('\0', SortEnd) >= 0
        ? throw new ArgumentException($"A sort value holds no U+0000 and no U+0001: '{sort}'.", nameof(sort))
        : sort + SortEnd + id;

    /// <summary>A time as text of one length, which sorts as the times do.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The item of a document.</summary>
    public static byte[] Of(TenantId tenant, DocumentWrite.Put put, string version, DateTimeOffset now) => Write(tenant, put.Key, version, put.ExpiresAt, now, writer =>
    {
        writer.WriteStartObject("ix");
        foreach (var entry in put.Indexes)
        {
            writer.WriteString(Property(put.Key.Kind, entry.Name, entry.Value), SortKey(entry.Sort ?? put.Key.Id, put.Key.Id));
        }

        writer.WriteEndObject();
        writer.WritePropertyName("body");
        writer.WriteRawValue(put.Json.Span, skipInputValidation: true);
    });

    /// <summary>An item that has expired: it holds the place of a document that must stay absent while a batch is written.</summary>
    public static byte[] Expired(TenantId tenant, DocumentKey key, string version, DateTimeOffset now) => Write(tenant, key, version, now, now, static _ => { });

    private static byte[] Write(TenantId tenant, DocumentKey key, string version, DateTimeOffset? expires, DateTimeOffset now, Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Id(key));
            writer.WriteString("tenant", tenant.Value);
            writer.WriteString("kind", key.Kind);
            writer.WriteString("version", version);
            if (expires is { } end)
            {
                writer.WriteString("expires", Time(end));
                writer.WriteNumber("ttl", (int)Math.Clamp((end - now + Grace).TotalSeconds, 1, int.MaxValue));
            }

            content(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>An item as it was read. In the container of proofs it may be anything that Cosmos DB takes (docs/adr/0020): what is no document is one whose content nobody can read, and can be replaced.</summary>
/// <param name="Json">All of it.</param>
/// <param name="Stamp">Cosmos DB's own ETag, which changes with every write.</param>
internal sealed record FoundItem(JsonElement Json, string Stamp)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Version => Text("version") ?? Stamp;

    public ReadOnlyMemory<byte> Body => Json.TryGetProperty("body", out var body) ? Encoding.UTF8.GetBytes(body.GetRawText()) : "null"u8.ToArray();

    public byte[] Bytes => Encoding.UTF8.GetBytes(Json.GetRawText());

    public bool IsLive(DateTimeOffset now) =>
        !Json.TryGetProperty("expires", out _) || string.CompareOrdinal(Text("expires"), CosmosItem.Time(now)) > 0;

    private string? Text(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
