using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MidnightOS.Core.Directory;

namespace MidnightOS.Core.Accounts;

/// <summary>Refresh tokens: 32 random bytes in Base64url. Only their SHA-256 is stored; that is enough for a secret that nobody can guess.</summary>
internal static class RefreshTokens
{
    private const int Bytes = 32;

    /// <summary>A new token.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is stored of a token, in lower hex.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The claim of a token in the directory: it leads to the session and stays after the token was used.</summary>
    public static DirectoryKey Key(string hash) => new("refresh", hash);
}
