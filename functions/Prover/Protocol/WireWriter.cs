using System.Security.Cryptography;
using System.Text;

namespace MidnightOS.Prover.Protocol;

/// <summary>Writes the ledger's encoding; <see cref="WireReader"/> reads it. What is written may be a private witness: every buffer but the one that is given out is wiped.</summary>
/// <param name="capacity">Bytes that are expected.</param>
internal sealed class WireWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];
    private int _length;

    /// <summary>What was written, in an array that the caller owns. Nothing is left in here.</summary>
    public byte[] ToArray()
    {
        if (_length != _bytes.Length)
        {
            Resize(_length);
        }

        var written = _bytes;
        (_bytes, _length) = ([], 0);
        return written;
    }

    /// <summary>Writes a tag, or anything in ASCII, as it stands.</summary>
    public WireWriter Tag(string tag) => Raw(Encoding.ASCII.GetBytes(tag));

    /// <summary>Writes bytes as they stand.</summary>
    public WireWriter Raw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
        {
            Resize(Math.Max(_length + bytes.Length, (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    /// <summary>Writes a number of any size up to 67 bytes, little-endian, in its shortest form.</summary>
    public WireWriter Compact(ReadOnlySpan<byte> value)
    {
        var used = value.TrimEnd((byte)0);
        ulong small = 0;
        for (var i = Math.Min(used.Length, sizeof(uint)) - 1; i >= 0; i--)
        {
            small = (small << 8) | used[i];
        }

        return (used.Length, small) switch
        {
            ( <= 4, < 1 << 6) => Raw([(byte)(small << 2)]),
            ( <= 4, < 1 << 14) => Raw(BitConverter.GetBytes((ushort)((small << 2) | 1))),
            ( <= 4, < 1 << 30) => Raw(BitConverter.GetBytes((uint)((small << 2) | 2))),
            _ => Raw([(byte)(((used.Length - 4) << 2) | 3)]).Raw(used),
        };
    }

    /// <summary>Writes a number.</summary>
    public WireWriter Number(ulong value) => Compact(BitConverter.GetBytes(value));

    /// <summary>Writes bytes behind their length.</summary>
    public WireWriter Bytes(ReadOnlySpan<byte> bytes) => Number((ulong)bytes.Length).Raw(bytes);

    /// <summary>Writes key material.</summary>
    public WireWriter Keys(KeyMaterial keys) => Bytes(keys.ProverKey.Span).Bytes(keys.VerifierKey.Span).Bytes(keys.Ir.Span);

    private void Resize(int size)
    {
        var other = new byte[size];
        _bytes.AsSpan(0, _length).CopyTo(other);
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = other;
    }
}
