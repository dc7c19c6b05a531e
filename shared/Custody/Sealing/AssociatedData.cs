using System.Buffers.Binary;
using System.Text;

namespace MidnightOS.Custody.Sealing;

/// <summary>Associated data of a seal: each part with its length before it, so that no two lists of parts give the same bytes.</summary>
internal static class AssociatedData
{
    public static byte[] Of(params IReadOnlyList<string> parts)
    {
        var buffer = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            buffer.Write(length);
            buffer.Write(bytes);
        }

        return buffer.ToArray();
    }
}
