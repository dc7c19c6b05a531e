using System.Security.Cryptography;
using System.Text;

namespace MidnightOS.Custody.Wallets.Mnemonics;

/// <summary>The 24 words of 32 bytes of entropy, and the 64-byte seed of those words (BIP-39, no passphrase).</summary>
/// <remarks>https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki. Why the wallet's seed is that of its words: docs/adr/0004.</remarks>
internal static class Mnemonic
{
    public const int EntropyBytes = 32;
    public const int SeedBytes = 64;

    private const int WordCount = 24;
    private const int BitsPerWord = 11;
    private const int LongestWord = 8;
    private const int Rounds = 2048;

    /// <summary>The words, separated by one space.</summary>
    public static string Words(ReadOnlySpan<byte> entropy)
    {
        using var words = new SecretBytes(WordCount * (LongestWord + 1));
        return Encoding.ASCII.GetString(words.Span[..Write(entropy, words.Span)]);
    }

    /// <summary>PBKDF2-HMAC-SHA512 of the words, salt <c>mnemonic</c>, 2048 rounds.</summary>
    public static SecretBytes Seed(ReadOnlySpan<byte> entropy)
    {
        using var words = new SecretBytes(WordCount * (LongestWord + 1));
        var length = Write(entropy, words.Span);
        var seed = new SecretBytes(SeedBytes);
        Rfc2898DeriveBytes.Pbkdf2(words.Span[..length], "mnemonic"u8, seed.Span, Rounds, HashAlgorithmName.SHA512);
        return seed;
    }

    private static int Write(ReadOnlySpan<byte> entropy, Span<byte> text)
    {
        if (entropy.Length != EntropyBytes)
        {
            throw new ArgumentException("24 words hold 32 bytes.", nameof(entropy));
        }

        // The words' bits are the entropy and, as a check, the first byte of its SHA-256.
        using var checkedBits = new SecretBytes(EntropyBytes + SHA256.HashSizeInBytes);
        entropy.CopyTo(checkedBits.Span);
        SHA256.HashData(entropy, checkedBits.Span[EntropyBytes..]);

        var length = 0;
        for (var word = 0; word < WordCount; word++)
        {
            if (word > 0)
            {
                text[length++] = (byte)' ';
            }

            var bytes = WordList.Words[Index(checkedBits.Span, word * BitsPerWord)];
            bytes.CopyTo(text[length..]);
            length += bytes.Length;
        }

        return length;
    }

    private static int Index(ReadOnlySpan<byte> bits, int first)
    {
        var at = first / 8;
        var window = (bits[at] << 16) | (bits[at + 1] << 8) | bits[at + 2];
        return (window >> (24 - BitsPerWord - (first % 8))) & 0x7FF;
    }
}
