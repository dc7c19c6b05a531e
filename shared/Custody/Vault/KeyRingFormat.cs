using System.Text.Json;
using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Vault;

/// <summary>The key file's JSON: <c>{format, vault, keys: [{purpose, number, id, createdAt, key}]}</c>; <c>key</c> is base64, null once retired.</summary>
internal static class KeyRingFormat
{
    private const string Format = "midnightos-vault-1";

    // Room for each version, and more than the writer asks for at a time.
    private const int BytesPerVersion = 512;
    private const int SpareBytes = 8192;

    /// <summary>What a purpose is called in the file, in metrics and in traces.</summary>
    public static string NameOf(VaultPurpose purpose) => purpose.ToString().ToLowerInvariant();

    /// <summary>The file's content; the caller disposes it.</summary>
    public static PinnedBufferWriter Write(KeyRing ring)
    {
        var buffer = new PinnedBufferWriter(SpareBytes + (ring.Versions.Count * BytesPerVersion));
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("vault", ring.VaultId);
        json.WriteStartArray("keys");
        foreach (var version in ring.Versions)
        {
            Write(json, version);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }

    /// <exception cref="VaultException">The content is no key file, or a key in it does not have the fingerprint it should.</exception>
    public static KeyRing Read(ReadOnlyMemory<byte> content, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
            {
                throw new VaultException($"The key file {path} has a format that this version does not read.");
            }

            var ring = new KeyRing(root.GetProperty("vault").GetString()!, [.. root.GetProperty("keys").EnumerateArray().Select(ReadVersion)]);
            return Checked(ring, path);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new VaultException($"The key file {path} is damaged. Put it back from its backup.", exception);
        }
    }

    private static void Write(Utf8JsonWriter json, KeyVersion version)
    {
        json.WriteStartObject();
        json.WriteString("purpose", NameOf(version.Purpose));
        json.WriteNumber("number", version.Number);
        json.WriteString("id", version.Id);
        json.WriteString("createdAt", version.CreatedAt);
        if (version.Key is { } key)
        {
            json.WriteBase64String("key", key.Span);
        }
        else
        {
            json.WriteNull("key");
        }

        json.WriteEndObject();
    }

    private static KeyVersion ReadVersion(JsonElement json)
    {
        var key = json.GetProperty("key");
        return new KeyVersion(
            Enum.GetValues<VaultPurpose>().First(purpose => NameOf(purpose) == json.GetProperty("purpose").GetString()),
            json.GetProperty("number").GetInt32(),
            json.GetProperty("id").GetString()!,
            json.GetProperty("createdAt").GetDateTimeOffset(),
            key.ValueKind == JsonValueKind.Null ? null : SecretBytes.Take(key.GetBytesFromBase64()));
    }

    private static KeyRing Checked(KeyRing ring, string path)
    {
        var canWrap = Enum.GetValues<VaultPurpose>().All(
            purpose => ring.Versions.Where(version => version.Purpose == purpose).MaxBy(version => version.Number) is { Key: not null });
        if (ring.VaultId.Length > 0 && canWrap && ring.Versions.All(version => version.Key is null || IsWhole(version)))
        {
            return ring;
        }

        ring.Dispose();
        throw new VaultException($"The key file {path} is damaged: a key is missing or altered. Put it back from its backup.");
    }

    private static bool IsWhole(KeyVersion version) =>
        version.Key is { Length: KeyVersion.KeyBytes } key && version.Id == KeyVersion.IdOf(version.Purpose, version.Number, key);

}
