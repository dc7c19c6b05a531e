using System.Security.Cryptography;
using MidnightOS.Core.Custody;
using MidnightOS.Custody.Sealing;

namespace MidnightOS.Custody.Vault;

/// <summary>Wraps data keys with AES-256-GCM: 12 bytes of nonce, 32 of ciphertext, 16 of tag; associated data: purpose and version.</summary>
internal static class KeyWrap
{
    private const string Algorithm = "A256GCM";
    private const int TagAt = Envelope.NonceBytes + KeyVersion.KeyBytes;
    private const int WrappedBytes = TagAt + Envelope.TagBytes;

    public static WrappedKey Wrap(KeyVersion version, ReadOnlySpan<byte> dataKey)
    {
        if (dataKey.Length != KeyVersion.KeyBytes)
        {
            throw new ArgumentException("A data key has 32 bytes.", nameof(dataKey));
        }

        var wrapped = new byte[WrappedBytes];
        var nonce = wrapped.AsSpan(0, Envelope.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(version.Key!.Span, Envelope.TagBytes);
        aes.Encrypt(nonce, dataKey, wrapped.AsSpan(Envelope.NonceBytes, KeyVersion.KeyBytes), wrapped.AsSpan(TagAt), Context(version));
        return new WrappedKey(version.Id, Algorithm, wrapped);
    }

    public static byte[] Unwrap(KeyVersion version, WrappedKey wrapped)
    {
        if (wrapped.Algorithm != Algorithm || wrapped.Bytes.Length != WrappedBytes)
        {
            throw new VaultException("The wrapped data key was not made by this vault.");
        }

        var dataKey = GC.AllocateArray<byte>(KeyVersion.KeyBytes, pinned: true);
        try
        {
            var bytes = wrapped.Bytes.AsSpan();
            using var aes = new AesGcm(version.Key!.Span, Envelope.TagBytes);
            aes.Decrypt(bytes[..Envelope.NonceBytes], bytes[Envelope.NonceBytes..TagAt], bytes[TagAt..], dataKey, Context(version));
            return dataKey;
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new VaultException("The wrapped data key was tampered with.", exception);
        }
    }

    private static byte[] Context(KeyVersion version) => AssociatedData.Of("midnightos data key", version.Purpose.ToString(), version.Id);
}
