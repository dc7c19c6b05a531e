using System.Collections.Concurrent;
using System.Text;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Custody.Wallets;

/// <summary>Which wallets are wrapped under which key version, over all tenants: one queue of markers a version, and a list of the versions in use.</summary>
/// <remarks>The blob store lists one tenant at a time; the directory has no tenant, so the index lies there.</remarks>
internal sealed class WrappedUnder(IDirectory directory, IBlobStore blobs, TimeProvider time)
{
    private const string Container = "key-versions";
    private const string SupersededSuffix = ".superseded";

    // A marker is written before its record; one that has none by now belongs to a creation that died.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, bool> _listed = new(StringComparer.Ordinal);

    /// <summary>Adds a wallet to a version. A wallet may be under several until the sweep has looked at it.</summary>
    public async Task AddAsync(string version, WalletRef wallet, CancellationToken cancellationToken)
    {
        if (!_listed.ContainsKey(version))
        {
            await ListVersionAsync(version, cancellationToken);
            _listed[version] = true;
        }

        await directory.MarkDueAsync(Queue(version), wallet.Tenant, wallet.Subject(), time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Wallets under a version whose turn it is.</summary>
    public Task<IReadOnlyList<DueMarker>> ListAsync(string version, DateTimeOffset dueBy, int limit, CancellationToken cancellationToken) =>
        directory.ListDueAsync(Queue(version), dueBy, limit, cancellationToken);

    /// <summary>Whether any wallet is under a version, also those whose turn was put off.</summary>
    public async Task<bool> AnyAsync(string version, CancellationToken cancellationToken) =>
        (await ListAsync(version, DateTimeOffset.MaxValue, 1, cancellationToken)).Count > 0;

    /// <summary>Takes a wallet off a version, unless it was added again since it was listed.</summary>
    public Task RemoveAsync(DueMarker listed, CancellationToken cancellationToken) => directory.ClearAsync(listed, cancellationToken);

    /// <summary>Lets others have their turn before a wallet that could not be handled.</summary>
    public Task PutOffAsync(DueMarker listed, CancellationToken cancellationToken) =>
        directory.PostponeAsync(listed, time.GetUtcNow() + OrphanAge, cancellationToken);

    /// <summary>Takes a wallet that has no sealed seed off a version, once no creation can be at work on it.</summary>
    public Task RemoveOrphanAsync(DueMarker listed, CancellationToken cancellationToken) =>
        time.GetUtcNow() - listed.MarkedAt >= OrphanAge ? RemoveAsync(listed, cancellationToken) : PutOffAsync(listed, cancellationToken);

    /// <summary>Every version that wallets were ever wrapped under or that was rotated away, and that is not retired.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(CancellationToken cancellationToken)
    {
        var versions = new List<string>();
        await foreach (var blob in blobs.ListAsync(TenantId.Platform, Container, cancellationToken))
        {
            if (!blob.Name.EndsWith(SupersededSuffix, StringComparison.Ordinal))
            {
                versions.Add(blob.Name);
            }
        }

        return versions;
    }

    /// <summary>Notes that a version is no longer the current one, unless that was noted before.</summary>
    /// <returns>Since when.</returns>
    public async Task<DateTimeOffset> SupersedeAsync(string version, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var name = Name(version + SupersededSuffix);
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(now.ToString("O")));
        if (await blobs.PutAsync(name, content, overwrite: false, cancellationToken))
        {
            return now;
        }

        await using var stream = await blobs.OpenReadAsync(name, cancellationToken);
        using var reader = new StreamReader(stream!);
        return DateTimeOffset.ParseExact(await reader.ReadToEndAsync(cancellationToken), "O", null);
    }

    /// <summary>Takes a retired version off the list.</summary>
    public async Task ForgetAsync(string version, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(Name(version), cancellationToken);
        await blobs.DeleteAsync(Name(version + SupersededSuffix), cancellationToken);
        _listed.TryRemove(version, out _);
    }

    /// <summary>Puts a version on the list of those that exist.</summary>
    public async Task ListVersionAsync(string version, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await blobs.PutAsync(Name(version), content, overwrite: false, cancellationToken);
    }

    private static BlobName Name(string name) => new(TenantId.Platform, Container, name);

    private static string Queue(string version) => $"wallets-under-{version}";
}
