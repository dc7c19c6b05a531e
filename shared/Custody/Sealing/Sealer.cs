using System.Security.Cryptography;
using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Sealing;

/// <summary>A sealed record and the version of the key-encryption key that its data key is wrapped under.</summary>
internal sealed record SealedRecord(byte[] Bytes, string KeyVersion);

/// <summary>Seals secrets with AES-256-GCM (NIST SP 800-38D), each under a data key of its own that the vault wraps. Nothing is cached.</summary>
internal sealed class Sealer(IVault vault)
{
    private const int DataKeyBytes = 32;

    /// <param name="purpose">Which key-encryption key wraps the data key.</param>
    /// <param name="secret">What to seal.</param>
    /// <param name="owner">What it belongs to; it opens only with the same list.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<SealedRecord> SealAsync(
        VaultPurpose purpose, ReadOnlyMemory<byte> secret, IReadOnlyList<string> owner, CancellationToken cancellationToken) =>
        CustodyMetrics.MeasureAsync("seal", purpose, () => SealNewAsync(purpose, secret, owner, cancellationToken));

    /// <exception cref="VaultException">The record was tampered with, belongs to another owner, or its key version is gone.</exception>
    public Task<SecretBytes> UnsealAsync(
        VaultPurpose purpose, ReadOnlyMemory<byte> sealedRecord, IReadOnlyList<string> owner, CancellationToken cancellationToken) =>
        CustodyMetrics.MeasureAsync("unseal", purpose, async () =>
        {
            var envelope = Envelope.Parse(sealedRecord.Span);
            using var dataKey = await UnwrapAsync(purpose, envelope, cancellationToken);
            return Open(envelope, dataKey, owner);
        });

    /// <summary>Wraps the data key of a record under the current version. The record must open: a broken one is never written anew.</summary>
    public Task<SealedRecord> RewrapAsync(
        VaultPurpose purpose, ReadOnlyMemory<byte> sealedRecord, IReadOnlyList<string> owner, CancellationToken cancellationToken) =>
        CustodyMetrics.MeasureAsync("rewrap", purpose, async () =>
        {
            var envelope = Envelope.Parse(sealedRecord.Span);
            using var dataKey = await UnwrapAsync(purpose, envelope, cancellationToken);
            Open(envelope, dataKey, owner).Dispose();
            var wrapped = await WrapAsync(purpose, dataKey, cancellationToken);
            return new SealedRecord((envelope with { DataKey = wrapped }).ToBytes(), wrapped.Version);
        });

    private async Task<SealedRecord> SealNewAsync(
        VaultPurpose purpose, ReadOnlyMemory<byte> secret, IReadOnlyList<string> owner, CancellationToken cancellationToken)
    {
        using var dataKey = SecretBytes.Random(DataKeyBytes);
        var wrapped = await WrapAsync(purpose, dataKey, cancellationToken);
        var nonce = RandomNumberGenerator.GetBytes(Envelope.NonceBytes);
        var tag = new byte[Envelope.TagBytes];
        var ciphertext = new byte[secret.Length];
        using var aes = new AesGcm(dataKey.Span, Envelope.TagBytes);
        aes.Encrypt(nonce, secret.Span, ciphertext, tag, Context(owner));
        return new SealedRecord(new Envelope(wrapped, nonce, tag, ciphertext).ToBytes(), wrapped.Version);
    }

    private Task<WrappedKey> WrapAsync(VaultPurpose purpose, SecretBytes dataKey, CancellationToken cancellationToken) =>
        CustodyMetrics.MeasureAsync("wrap", purpose, () => vault.WrapAsync(purpose, dataKey.Memory, cancellationToken));

    private async Task<SecretBytes> UnwrapAsync(VaultPurpose purpose, Envelope envelope, CancellationToken cancellationToken)
    {
        var dataKey = SecretBytes.Take(
            await CustodyMetrics.MeasureAsync("unwrap", purpose, () => vault.UnwrapAsync(purpose, envelope.DataKey, cancellationToken)));
        if (dataKey.Length == DataKeyBytes)
        {
            return dataKey;
        }

        dataKey.Dispose();
        throw new VaultException("The sealed record's data key has the wrong length.");
    }

    private static SecretBytes Open(Envelope envelope, SecretBytes dataKey, IReadOnlyList<string> owner)
    {
        var secret = new SecretBytes(envelope.Ciphertext.Length);
        try
        {
            using var aes = new AesGcm(dataKey.Span, Envelope.TagBytes);
            aes.Decrypt(envelope.Nonce, envelope.Ciphertext, envelope.Tag, secret.Span, Context(owner));
            return secret;
        }
        catch (AuthenticationTagMismatchException exception)
        {
            secret.Dispose();
            throw new VaultException("The sealed record was tampered with, or it belongs to something else.", exception);
        }
    }

    private static byte[] Context(IReadOnlyList<string> owner) => AssociatedData.Of([.. owner, $"format {Envelope.Format}"]);
}
