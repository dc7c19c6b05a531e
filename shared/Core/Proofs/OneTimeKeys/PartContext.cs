using System.Buffers.Binary;
using System.Text;

namespace MidnightOS.Core.Proofs.OneTimeKeys;

/// <summary>What a record is bound to: the parts of its owner and its format, each with its length before it, so that no two owners give the same bytes.</summary>
internal static class PartContext
{
    public static byte[] Of(ProofPart part, byte format)
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in part.Owner)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, Encoding.UTF8.GetByteCount(text));
            bytes.Write(length);
            bytes.Write(Encoding.UTF8.GetBytes(text));
        }

        bytes.WriteByte(format);
        return bytes.ToArray();
    }
}
