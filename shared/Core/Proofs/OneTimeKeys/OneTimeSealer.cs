using System.Security.Cryptography;

namespace MidnightOS.Core.Proofs.OneTimeKeys;

/// <summary>Seals without a vault, for whoever proves has no right on one: each request under a key of its own that travels with the word of its job and is stored nowhere beside it, each proof
/// under a key that lies in another store.</summary>
/// <remarks>AES-256-GCM (NIST SP 800-38D). A record is a format byte, nonce, tag and ciphertext. See docs/adr/0016.</remarks>
internal sealed class OneTimeSealer(ResultKeys results) : IProofSealer
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    private const byte Format = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    /// <inheritdoc/>
    public async Task<SealedPart> SealAsync(ProofPart part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (part.Name == ProofPart.Request)
        {
            var key = RandomNumberGenerator.GetBytes(KeyBytes);
            return new SealedPart(Seal(part, key, content.Span), key);
        }

        var resultKey = await results.GetAsync(part, cancellationToken);
        return new SealedPart(Seal(part, resultKey, content.Span), []);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> UnsealAsync(ProofPart part, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var used = part.Name == ProofPart.Request ? key : await results.FindAsync(part, cancellationToken) ?? [];
        return used.Length == KeyBytes ? Open(part, used.Span, record.Span) : null;
    }

    private static byte[] Seal(ProofPart part, ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        var record = new byte[HeadBytes + content.Length];
        record[0] = Format;
        RandomNumberGenerator.Fill(record.AsSpan(1, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(record.AsSpan(1, NonceBytes), content, record.AsSpan(HeadBytes), record.AsSpan(1 + NonceBytes, TagBytes), PartContext.Of(part, Format));
        return record;
    }

    private static byte[]? Open(ProofPart part, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
    {
        if (record.Length < HeadBytes || record[0] != Format)
        {
            return null;
        }

        var content = new byte[record.Length - HeadBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(record.Slice(1, NonceBytes), record[HeadBytes..], record.Slice(1 + NonceBytes, TagBytes), content, PartContext.Of(part, Format));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            // No outage and no defect: the key is another's, or the record is not as it was written. Asking again changes nothing.
            return null;
        }
    }
}
