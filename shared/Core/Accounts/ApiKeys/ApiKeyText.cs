using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>The form of a key: <c>mnk_</c>, the 26 characters of its id, <c>_</c>, and 256 random bits in Base64url.</summary>
internal static class ApiKeyText
{
    public const string Prefix = "mnk_";

    private const int SecretBytes = 32;
    private const int IdLength = 26;
    private const int SecretLength = 43;

    /// <summary>A new key for an id.</summary>
    public static string Create(string id) =>
        $"{Prefix}{id[IdPrefix.ApiKey.Length..]}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";

    /// <summary>Whether a text can be a key.</summary>
    public static bool Is(string text) =>
        text.Length == Prefix.Length + IdLength + 1 + SecretLength && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length + IdLength] == '_';

    /// <summary>What is kept of a key, in lower hex: enough for a secret that nobody can guess.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The name of a key's claim in the directory.</summary>
    public static DirectoryKey Claim(string hash) => new(ApiKey.Kind, hash);

    /// <summary>The claim of a key: it leads to tenant and id, and names its scopes, so that it alone says whether a key is good.</summary>
    public static DirectoryClaim ClaimOf(TenantId tenant, ApiKey key) => new(tenant, key.Id, Data: string.Join(' ', key.Scopes));

    /// <summary>The scopes that a claim names; null when it names none.</summary>
    public static IReadOnlyList<string>? ScopesOf(DirectoryClaim claim) => claim.Data?.Split(' ');
}
