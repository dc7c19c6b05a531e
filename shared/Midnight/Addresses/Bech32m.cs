namespace MidnightOS.Midnight.Addresses;

/// <summary>Why a text is not Bech32m.</summary>
internal enum Bech32mFault
{
    /// <summary>It is.</summary>
    None,

    /// <summary>A character, length or separator is wrong.</summary>
    Malformed,

    /// <summary>Upper and lower case in one text.</summary>
    MixedCase,

    /// <summary>The checksum does not fit.</summary>
    Checksum,
}

/// <summary>Bech32m (BIP-350) without its limit of 90 characters, which Midnight's shielded addresses exceed.</summary>
/// <remarks>https://github.com/bitcoin/bips/blob/master/bip-0350.mediawiki</remarks>
internal static class Bech32m
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const uint ChecksumConstant = 0x2bc830a3;
    private const int ChecksumLength = 6;
    private const int LongestText = 1000;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Writes a prefix (lower case) and bytes.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> bytes)
    {
        var values = ToFiveBits(bytes);
        var rest = Checksum(prefix, [.. values, .. new byte[ChecksumLength]]) ^ ChecksumConstant;
        var checksum = Enumerable.Range(0, ChecksumLength).Select(at => (byte)((rest >> (5 * (ChecksumLength - 1 - at))) & 31));
        return $"{prefix}1{string.Concat(values.Concat(checksum).Select(value => Alphabet[value]))}";
    }

    /// <summary>Reads a text to its prefix in lower case and its five-bit values, the checksum left off.</summary>
    public static Bech32mFault TryDecode(string text, out string prefix, out byte[] values)
    {
        (prefix, values) = (string.Empty, []);
        if (text.Length > LongestText || text.Any(character => character is < '!' or > '~'))
        {
            return Bech32mFault.Malformed;
        }

        if (text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower))
        {
            return Bech32mFault.MixedCase;
        }

        var lower = text.ToLowerInvariant();
        var separator = lower.LastIndexOf('1');
        if (separator < 1 || lower.Length - separator - 1 < ChecksumLength)
        {
            return Bech32mFault.Malformed;
        }

        var all = lower[(separator + 1)..].Select(character => Alphabet.IndexOf(character, StringComparison.Ordinal)).ToArray();
        if (all.Contains(-1))
        {
            return Bech32mFault.Malformed;
        }

        byte[] data = [.. all.Select(value => (byte)value)];
        prefix = lower[..separator];
        values = data[..^ChecksumLength];
        return Checksum(prefix, data) == ChecksumConstant ? Bech32mFault.None : Bech32mFault.Checksum;
    }

    /// <summary>The bytes of five-bit values; null when the padding is too long or not zero.</summary>
    public static byte[]? ToBytes(ReadOnlySpan<byte> values)
    {
        var bytes = new List<byte>((values.Length * 5) / 8);
        var (buffer, bits) = (0, 0);
        foreach (var value in values)
        {
            buffer = ((buffer << 5) | value) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return bits < 5 && (buffer & ((1 << bits) - 1)) == 0 ? [.. bytes] : null;
    }

    private static byte[] ToFiveBits(ReadOnlySpan<byte> bytes)
    {
        var values = new List<byte>(((bytes.Length * 8) + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                values.Add((byte)((buffer >> bits) & 31));
            }
        }

        if (bits > 0)
        {
            values.Add((byte)((buffer << (5 - bits)) & 31));
        }

        return [.. values];
    }

    private static uint Checksum(string prefix, IReadOnlyList<byte> values)
    {
        var checksum = 1u;
        foreach (var character in prefix)
        {
            checksum = Step(checksum, (byte)(character >> 5));
        }

        checksum = Step(checksum, 0);
        foreach (var character in prefix)
        {
            checksum = Step(checksum, (byte)(character & 31));
        }

        return values.Aggregate(checksum, Step);
    }

    private static uint Step(uint checksum, byte value)
    {
        var top = checksum >> 25;
        checksum = ((checksum & 0x1ffffff) << 5) ^ value;
        for (var bit = 0; bit < Generator.Length; bit++)
        {
            checksum ^= ((top >> bit) & 1) == 1 ? Generator[bit] : 0;
        }

        return checksum;
    }
}
