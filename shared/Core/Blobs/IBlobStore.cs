using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Blobs;

/// <summary>Bytes too large or too secret for a document: sealed payloads, parameters, exports. Written whole or not at all.</summary>
public interface IBlobStore
{
    /// <summary>Writes a blob; it is complete and durable when this returns.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="overwrite">Whether one that is there is replaced; otherwise it stays as it is.</param>
    /// <param name="cancellationToken">Stops the write; nothing is left then.</param>
    /// <returns>Whether this content was written.</returns>
    Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken);

    /// <summary>Opens a blob to read; null when there is none.</summary>
    Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Deletes a blob.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>The names in a container of a tenant, in ordinal order.</summary>
    IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, CancellationToken cancellationToken);
}

/// <summary>What names a blob.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Container">A constant of its slice: "wallets". Lower-case letters, digits and hyphens.</param>
/// <param name="Name">Unique in the container: letters, digits, <c>_ - .</c> only; not <c>.</c> or <c>..</c>; at most 200 characters.</param>
public readonly record struct BlobName(TenantId Tenant, string Container, string Name);
