using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Custody.Sealing;

namespace MidnightOS.Custody.Wallets;

/// <summary>The sealed seeds in the blob store, with the index of what is wrapped under which key version.</summary>
internal sealed class SealedWallets(IBlobStore blobs, WrappedUnder index)
{
    // An envelope of a seed has some 200 bytes; anything this long is not one.
    private const int MaxBytes = 16 * 1024;

    /// <summary>The sealed record; null when there is none.</summary>
    public async Task<byte[]?> ReadAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(wallet.Blob(), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var buffer = new byte[MaxBytes];
        var length = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken);
        return length < MaxBytes ? buffer[..length] : throw new VaultException("The sealed record is damaged: it is too long.");
    }

    public async Task<bool> ExistsAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(wallet.Blob(), cancellationToken);
        return stream is not null;
    }

    /// <summary>Writes a record unless one is there.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> AddAsync(WalletRef wallet, SealedRecord record, CancellationToken cancellationToken) =>
        PutAsync(wallet, record, overwrite: false, cancellationToken);

    public Task ReplaceAsync(WalletRef wallet, SealedRecord record, CancellationToken cancellationToken) =>
        PutAsync(wallet, record, overwrite: true, cancellationToken);

    public Task<bool> DeleteAsync(WalletRef wallet, CancellationToken cancellationToken) => blobs.DeleteAsync(wallet.Blob(), cancellationToken);

    private async Task<bool> PutAsync(WalletRef wallet, SealedRecord record, bool overwrite, CancellationToken cancellationToken)
    {
        // Before: a crash in between leaves a marker without a record, never a record without a marker.
        // After: a sweep that took the first marker for an orphan does not leave the record out of the index.
        await index.AddAsync(record.KeyVersion, wallet, cancellationToken);
        using var content = new MemoryStream(record.Bytes);
        var written = await blobs.PutAsync(wallet.Blob(), content, overwrite, cancellationToken);
        await index.AddAsync(record.KeyVersion, wallet, cancellationToken);
        return written;
    }
}
