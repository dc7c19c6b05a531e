using System.Security.Cryptography;
using System.Text;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Wallets;

/// <summary>Words that only the holder of one private key can read.</summary>
/// <param name="PublicKey">The sender's key of this one sealing: P-256, SubjectPublicKeyInfo.</param>
/// <param name="Ciphertext">The words, encrypted, with the tag behind them.</param>
public sealed record SealedWords(byte[] PublicKey, byte[] Ciphertext);

/// <summary>
/// Seals words from an app to another over stores that either of them, and others, may read: ECDH on P-256 with a new key on both sides,
/// HKDF-SHA-256 (RFC 5869) over the shared secret, AES-256-GCM (NIST SP 800-38D). Tenant, bot and export are part of the derived key, so that an answer fits its own question alone.
/// </summary>
internal static class WordsSeal
{
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    // A key encrypts once.
    private static readonly byte[] Nonce = new byte[12];

    public static SealedWords Seal(TenantId tenant, ExportRequest request, string words)
    {
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(request.PublicKey, out _);
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var (plain, key) = (Encoding.ASCII.GetBytes(words), Derive(own, theirs, tenant, request));
        try
        {
            var sealedWords = new byte[plain.Length + TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Encrypt(Nonce, plain, sealedWords.AsSpan(0, plain.Length), sealedWords.AsSpan(plain.Length));
            return new SealedWords(own.ExportSubjectPublicKeyInfo(), sealedWords);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <exception cref="CryptographicException">They were not sealed for this request and key.</exception>
    public static string Open(ECDiffieHellman own, TenantId tenant, ExportRequest request, SealedWords words)
    {
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(words.PublicKey, out _);
        var (plain, key) = (new byte[Math.Max(0, words.Ciphertext.Length - TagBytes)], Derive(own, theirs, tenant, request));
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(Nonce, words.Ciphertext.AsSpan(0, plain.Length), words.Ciphertext.AsSpan(plain.Length), plain);
            return Encoding.ASCII.GetString(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Derive(ECDiffieHellman own, ECDiffieHellman theirs, TenantId tenant, ExportRequest request)
    {
        var secret = own.DeriveRawSecretAgreement(theirs.PublicKey);
        try
        {
            var context = Encoding.UTF8.GetBytes($"midnightos wallet export\n{tenant.Value}\n{request.BotId}\n{request.Id}");
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, salt: request.PublicKey, info: context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
