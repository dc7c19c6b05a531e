using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Documents;

/// <summary>Where a page ended, signed together with the query and the tenant, so that a client can neither make one nor carry it elsewhere.</summary>
/// <remarks>Base64url of an HMAC-SHA-256 cut to 16 bytes (RFC 2104, section 5) and the position as JSON.</remarks>
internal static class ContinuationToken
{
    private const int MacLength = 16;

    public static string Write(byte[] key, TenantId tenant, DocumentQuery query, PagePosition position)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new[] { position.Sort, position.Id });
        return Base64Url.EncodeToString([.. Sign(key, tenant, query, payload), .. payload]);
    }

    /// <exception cref="InvalidContinuationException">It is not one of this query.</exception>
    public static PagePosition Read(byte[] key, TenantId tenant, DocumentQuery query)
    {
        var token = query.Continuation!;
        var bytes = Base64Url.IsValid(token) ? Base64Url.DecodeFromChars(token) : [];
        if (bytes.Length <= MacLength
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, MacLength), Sign(key, tenant, query, bytes.AsSpan(MacLength))))
        {
            throw new InvalidContinuationException();
        }

        var position = JsonSerializer.Deserialize<string[]>(bytes.AsSpan(MacLength))!;
        return new PagePosition(position[0], position[1]);
    }

    // The size of the pages is not part of it: a client may ask for more or fewer as it goes.
    private static byte[] Sign(byte[] key, TenantId tenant, DocumentQuery query, ReadOnlySpan<byte> payload)
    {
        var value = query.Index is null ? null : query.Value;
        string?[] scope = [tenant.Value, query.Kind, query.Index, value, query.Descending ? "desc" : "asc", query.After, query.Before];
        byte[] signed = [.. SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(scope)), .. payload];
        return HMACSHA256.HashData(key, signed)[..MacLength];
    }
}

/// <summary>Where a page ended.</summary>
/// <param name="Sort">The sort value of its last document.</param>
/// <param name="Id">The id of its last document.</param>
internal sealed record PagePosition(string Sort, string Id);
