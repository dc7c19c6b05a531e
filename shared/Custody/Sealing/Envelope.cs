using System.Buffers.Binary;
using System.Text;
using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Sealing;

/// <summary>A sealed secret as stored: the data key under a key-encryption key, and what the data key encrypts.</summary>
/// <remarks>
/// Layout, integers big-endian: <c>MOSE</c>, u8 format (1), u8 n + key version, u8 n + wrap algorithm, u16 n + wrapped data key,
/// 12 bytes of nonce, 16 of tag, u32 n + ciphertext; nothing may follow. The payload's associated data ends with the format.
/// </remarks>
internal sealed record Envelope(WrappedKey DataKey, byte[] Nonce, byte[] Tag, byte[] Ciphertext)
{
    public const byte Format = 1;
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    private static ReadOnlySpan<byte> Magic => "MOSE"u8;

    public byte[] ToBytes()
    {
        var version = Encoding.ASCII.GetBytes(DataKey.Version);
        var algorithm = Encoding.ASCII.GetBytes(DataKey.Algorithm);
        var stream = new MemoryStream();
        stream.Write(Magic);
        stream.WriteByte(Format);
        stream.WriteByte(checked((byte)version.Length));
        stream.Write(version);
        stream.WriteByte(checked((byte)algorithm.Length));
        stream.Write(algorithm);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)DataKey.Bytes.Length));
        stream.Write(length[..2]);
        stream.Write(DataKey.Bytes);
        stream.Write(Nonce);
        stream.Write(Tag);
        BinaryPrimitives.WriteInt32BigEndian(length, Ciphertext.Length);
        stream.Write(length);
        stream.Write(Ciphertext);
        return stream.ToArray();
    }

    /// <exception cref="VaultException">The bytes are no envelope of a known format.</exception>
    public static Envelope Parse(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        if (!Take(ref rest, Magic.Length).SequenceEqual(Magic))
        {
            throw Damaged();
        }

        var format = Take(ref rest, 1)[0];
        if (format != Format)
        {
            throw new VaultException($"The sealed record has format {format}; this version reads format {Format}.");
        }

        var version = Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1)[0]));
        var algorithm = Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1)[0]));
        var wrapped = Take(ref rest, BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2))).ToArray();
        var nonce = Take(ref rest, NonceBytes).ToArray();
        var tag = Take(ref rest, TagBytes).ToArray();
        var ciphertext = Take(ref rest, BinaryPrimitives.ReadInt32BigEndian(Take(ref rest, 4))).ToArray();
        return rest.IsEmpty ? new Envelope(new WrappedKey(version, algorithm, wrapped), nonce, tag, ciphertext) : throw Damaged();
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (count < 0 || count > rest.Length)
        {
            throw Damaged();
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static VaultException Damaged() => new("The sealed record is damaged: its parts do not fit together.");
}
