using System.Buffers.Binary;
using System.Numerics;

namespace MidnightOS.Midnight.Chain.Rpc;

/// <summary>SCALE compact integers (https://docs.polkadot.com/polkadot-protocol/parachain-basics/data-encoding): the two low bits name the form.</summary>
internal static class ScaleCompact
{
    /// <summary>Encodes a number of at most 64 bits: one, two or four bytes, or a length byte and the number.</summary>
    public static byte[] Encode(ulong value)
    {
        switch (value)
        {
            case < 1UL << 6:
                return [(byte)(value << 2)];
            case < 1UL << 14:
                var two = new byte[2];
                BinaryPrimitives.WriteUInt16LittleEndian(two, (ushort)((value << 2) | 0b01));
                return two;
            case < 1UL << 30:
                var four = new byte[4];
                BinaryPrimitives.WriteUInt32LittleEndian(four, (uint)((value << 2) | 0b10));
                return four;
            default:
                return Big(value);
        }
    }

    private static byte[] Big(ulong value)
    {
        var length = (64 - BitOperations.LeadingZeroCount(value) + 7) / 8;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        return [(byte)(((length - 4) << 2) | 0b11), .. number[..length]];
    }
}
