using System.Security.Cryptography;
using System.Text;
using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Vault;

/// <summary>One version of a key-encryption key. A retired one keeps its id, so that its number is never used again, and has no key.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Number">Counts the versions of a purpose from 1.</param>
/// <param name="Id">The number and the key's fingerprint: a version of another key file never passes for one of this.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Key">32 bytes; null once retired.</param>
internal sealed record KeyVersion(VaultPurpose Purpose, int Number, string Id, DateTimeOffset CreatedAt, SecretBytes? Key)
{
    public const int KeyBytes = 32;

    public static KeyVersion Create(VaultPurpose purpose, int number, DateTimeOffset now)
    {
        var key = SecretBytes.Random(KeyBytes);
        return new KeyVersion(purpose, number, IdOf(purpose, number, key), now, key);
    }

    /// <summary>The id that a key must have: 64 bits of HMAC-SHA256 under the key, which tell nothing of it.</summary>
    public static string IdOf(VaultPurpose purpose, int number, SecretBytes key)
    {
        Span<byte> fingerprint = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, Encoding.ASCII.GetBytes($"midnightos key fingerprint {purpose} {number}"), fingerprint);
        return $"{number}-{Convert.ToHexStringLower(fingerprint[..8])}";
    }
}
