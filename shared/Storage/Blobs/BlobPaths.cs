using System.Buffers;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;

namespace MidnightOS.Storage.Blobs;

/// <summary>Where a blob lies: <c>blobs/tenant/container/name</c>. Names are checked, so that none leads out of its folder.</summary>
internal sealed class BlobPaths(string folder)
{
    private const int NameLength = 200;
    private const int TenantLength = 100;

    private static readonly SearchValues<char> TenantLetters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");
    private static readonly SearchValues<char> ContainerLetters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz-");
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.");

    /// <summary>The folder of all blobs.</summary>
    public string Root { get; } = Path.Combine(folder, "blobs");

    /// <summary>Where blobs are written until they are whole. On the same file system, so that a rename is atomic; no tenant's id looks like it.</summary>
    public string Incoming => Path.Combine(Root, "incoming");

    public string Blob(BlobName name)
    {
        Check(name.Name, NameLength, NameLetters, "blob name");
        return name.Name is "." or ".."
            ? throw new ArgumentException($"'{name.Name}' is not a blob name.", nameof(name))
            : Path.Combine(Container(name.Tenant, name.Container), name.Name);
    }

    public string Container(TenantId tenant, string container)
    {
        Check(tenant.Value, TenantLength, TenantLetters, "tenant id");
        Check(container, NameLength, ContainerLetters, "container name");
        return Path.Combine(Root, tenant.Value, container);
    }

    private static void Check(string text, int length, SearchValues<char> letters, string what)
    {
        if (string.IsNullOrEmpty(text) || text.Length > length || text.AsSpan().ContainsAnyExcept(letters))
        {
            throw new ArgumentException($"'{text}' cannot be a {what}: it is empty, longer than {length} or has other characters.", nameof(text));
        }
    }
}
