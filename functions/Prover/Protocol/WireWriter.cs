using System.Buffers;
using System.Text;

namespace MidnightOS.Prover.Protocol;

/// <summary>Writes the ledger's encoding; <see cref="WireReader"/> reads it.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>Writes a tag, or anything in ASCII, as it stands.</summary>
    public WireWriter Tag(string tag) => Raw(Encoding.ASCII.GetBytes(tag));

    /// <summary>Writes bytes as they stand.</summary>
    public WireWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
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
}
