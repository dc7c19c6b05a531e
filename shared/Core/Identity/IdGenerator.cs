using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MidnightOS.Core.Identity;

/// <summary>Ids in the layout of a ULID (48 bits of Unix milliseconds, 80 bits of randomness, Crockford base 32), monotonic within the process.</summary>
/// <remarks>Layout: https://github.com/ulid/spec.</remarks>
internal sealed class IdGenerator(TimeProvider time) : IIdGenerator
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly Lock _gate = new();
    private UInt128 _last;

    public string New(string prefix)
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        var candidate = Compose(time.GetUtcNow(), random);
        lock (_gate)
        {
            // The same or an earlier millisecond (a clock may jump): count on from the last id, so that order holds.
            _last = candidate > _last ? candidate : _last + 1;
            return prefix + Encode(_last);
        }
    }

    public string Derive(string prefix, DateTimeOffset firstSeen, params ReadOnlySpan<string> parts) => prefix + Encode(Compose(firstSeen, Hash(parts)));

    /// <summary>The id of a content, the same at any time: 128 bits of the hash of the parts.</summary>
    public static string Of(string prefix, params ReadOnlySpan<string> parts) => prefix + Encode(BinaryPrimitives.ReadUInt128BigEndian(Hash(parts)));

    private static byte[] Hash(ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    private static UInt128 Compose(DateTimeOffset at, ReadOnlySpan<byte> random)
    {
        var milliseconds = (UInt128)(ulong)at.ToUnixTimeMilliseconds() << 80;
        return milliseconds | (BinaryPrimitives.ReadUInt128BigEndian(random) >> 48);
    }

    private static string Encode(UInt128 value) => string.Create(26, value, static (chars, rest) =>
    {
        for (var i = chars.Length - 1; i >= 0; i--)
        {
            chars[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });
}
