using System.Text;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;

namespace MidnightOS.Custody.Vault;

/// <summary>The id of the vault that the sealed records of this store need, kept beside them: a key file that is missing or of another vault is noticed.</summary>
internal sealed class VaultRecord(IBlobStore blobs)
{
    private static readonly BlobName Name = new(TenantId.Platform, "vault", "key-file");

    /// <summary>The vault's id; null when nothing was ever sealed here.</summary>
    public async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Records the id unless one stands already.</summary>
    /// <returns>The id that stands.</returns>
    public async Task<string> ClaimAsync(string vaultId, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(vaultId));
        return await blobs.PutAsync(Name, content, overwrite: false, cancellationToken)
            ? vaultId
            : await FindAsync(cancellationToken) ?? throw new InvalidOperationException("The vault's record was deleted while it was written.");
    }
}
