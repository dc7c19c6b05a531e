using System.Collections;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using MidnightOS.Custody.Wallets.Mnemonics;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>All that follows from a wallet's 24 words, made again without the product's code but for its list of words.</summary>
/// <remarks>BIP-39 for entropy and seed, BIP-32 over secp256k1 for the key at m/44'/2400'/0'/0/0.</remarks>
internal sealed record WalletKeys(byte[] Entropy, byte[] Seed, byte[] SigningKey, string AddressHex)
{
    /// <summary>The keys and chain codes on the way from the master to the signing key: each gives all that follow.</summary>
    public IReadOnlyList<byte[]> OnTheWay { get; private init; } = [];

    private static readonly BigInteger Order = BigInteger.Parse("00FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, null);

    public static WalletKeys From(string mnemonic)
    {
        var entropy = EntropyOf(mnemonic.Split(' '));
        var seed = Rfc2898DeriveBytes.Pbkdf2(mnemonic, "mnemonic"u8.ToArray(), 2048, HashAlgorithmName.SHA512, 64);
        var master = HMACSHA512.HashData("Bitcoin seed"u8, seed);
        var (key, chain) = (master[..32], master[32..]);
        List<byte[]> onTheWay = [key, chain];
        foreach (var step in new uint[] { 0x8000_0000 + 44, 0x8000_0000 + 2400, 0x8000_0000, 0, 0 })
        {
            (key, chain) = Child(key, chain, step);
            onTheWay.AddRange([key, chain]);
        }

        var address = SHA256.HashData(PointOf(key).AsSpan(1));
        return new WalletKeys(entropy, seed, key, Convert.ToHexStringLower(address)) { OnTheWay = onTheWay };
    }

    private static byte[] EntropyOf(string[] words)
    {
        var known = Enumerable.Range(0, 2048).ToDictionary(static i => Encoding.ASCII.GetString(WordList.Words[i]), static i => i, StringComparer.Ordinal);
        var bits = new BitArray(words.Length * 11);
        for (var word = 0; word < words.Length; word++)
        {
            for (var bit = 0; bit < 11; bit++)
            {
                bits[(word * 11) + bit] = (known[words[word]] & (1 << (10 - bit))) != 0;
            }
        }

        var entropy = new byte[32];
        for (var i = 0; i < 256; i++)
        {
            entropy[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return entropy;
    }

    private static (byte[] Key, byte[] Chain) Child(byte[] key, byte[] chain, uint index)
    {
        byte[] number = [(byte)(index >> 24), (byte)(index >> 16), (byte)(index >> 8), (byte)index];
        byte[] data = index >= 0x8000_0000 ? [0, .. key, .. number] : [.. PointOf(key), .. number];
        var mac = HMACSHA512.HashData(chain, data);
        var child = (Number(mac.AsSpan(0, 32)) + Number(key)) % Order;
        var bytes = child.ToByteArray(isUnsigned: true, isBigEndian: true);
        return ([.. new byte[32 - bytes.Length], .. bytes], mac[32..]);
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    // The compressed point: its parity and x.
    private static byte[] PointOf(byte[] key)
    {
        using var curve = ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue("1.3.132.0.10"), D = key });
        var point = curve.ExportParameters(includePrivateParameters: false).Q;
        return [(byte)(2 + (point.Y![31] & 1)), .. point.X!];
    }
}
