using System.Buffers.Binary;

namespace MidnightOS.Prover.Protocol;

/// <summary>The scalar field of BLS12-381, whose elements circuits compute with.</summary>
internal static class ScalarField
{
    /// <summary>Bytes of an element.</summary>
    public const int Size = 32;

    // 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001, the least significant part first.
    private static readonly ulong[] Modulus = [0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48];

    /// <summary>Whether 32 bytes, little-endian, are below the modulus.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> element)
    {
        for (var i = Modulus.Length - 1; i >= 0; i--)
        {
            var part = BinaryPrimitives.ReadUInt64LittleEndian(element[(i * sizeof(ulong))..]);
            if (part != Modulus[i])
            {
                return part < Modulus[i];
            }
        }

        return false;
    }
}
