using System.Buffers;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Blobs;

/// <summary>What the names of blobs are made of. A name outside the rules is a bug of the caller and throws before anything is read or written.</summary>
internal static class BlobRules
{
    private const int NameLength = 200;
    private const int TenantLength = 100;

    private static readonly SearchValues<char> TenantLetters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");
    private static readonly SearchValues<char> ContainerLetters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz-");
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.");

    public static void Check(BlobName name)
    {
        Check(name.Name, NameLength, NameLetters, "blob name");
        if (name.Name is "." or "..")
        {
            throw new ArgumentException($"'{name.Name}' is not a blob name.", nameof(name));
        }

        Check(name.Tenant, name.Container);
    }

    public static void Check(TenantId tenant, string container)
    {
        Check(tenant.Value, TenantLength, TenantLetters, "tenant id");
        Check(container, NameLength, ContainerLetters, "container name");
    }

    private static void Check(string text, int length, SearchValues<char> letters, string what)
    {
        if (string.IsNullOrEmpty(text) || text.Length > length || text.AsSpan().ContainsAnyExcept(letters))
        {
            throw new ArgumentException($"'{text}' cannot be a {what}: it is empty, longer than {length} or has other characters.", nameof(text));
        }
    }
}
