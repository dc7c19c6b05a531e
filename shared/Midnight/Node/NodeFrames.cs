using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MidnightOS.Midnight.Node;

/// <summary>A frame that a worker sent.</summary>
internal readonly record struct NodeFrame<TAnswer>(TAnswer Header, byte[] Body);

/// <summary>Frames over a worker's standard streams (<c>ledger/README.md</c>): two lengths, a JSON header, and a body of plain bytes.</summary>
/// <param name="input">The worker's standard input.</param>
/// <param name="output">The worker's standard output.</param>
/// <param name="answers">How the header of an answer is read.</param>
/// <param name="maxFrame">The largest frame, in bytes.</param>
internal sealed class NodeFrames<TAnswer>(Stream input, Stream output, JsonTypeInfo<TAnswer> answers, int maxFrame = NodeFrames<TAnswer>.DefaultMaxFrame)
{
    public const int DefaultMaxFrame = 16 * 1024 * 1024;

    private const int Prefix = 8;
    private const int LengthField = 4;

    // Below this a frame is sent with one write; a larger body is not copied.
    private const int OneWrite = 64 * 1024;

    // Nearly every answer fits: then one read brings all of it.
    private byte[] _received = new byte[16 * 1024];

    /// <summary>Sends a request whose body consists of parts, one behind the other.</summary>
    public async Task WriteAsync(byte[] header, ReadOnlyMemory<byte>[] body, CancellationToken cancellationToken)
    {
        var length = body.Sum(part => (long)part.Length);
        var head = Head(header, length, withBody: length <= OneWrite);
        var offset = Prefix + header.Length;
        if (length <= OneWrite)
        {
            foreach (var part in body)
            {
                part.CopyTo(head.AsMemory(offset));
                offset += part.Length;
            }

            body = [];
        }

        try
        {
            await input.WriteAsync(head, cancellationToken);
            foreach (var part in body)
            {
                await input.WriteAsync(part, cancellationToken);
            }

            await input.FlushAsync(cancellationToken);
        }
        finally
        {
            // A witness may be in it.
            Array.Clear(head);
        }
    }

    /// <summary>Sends a request whose body its owner writes: a secret passes by and is held nowhere.</summary>
    public async Task WriteAsync(byte[] header, int length, Func<Stream, CancellationToken, Task> writeBody, CancellationToken cancellationToken)
    {
        await input.WriteAsync(Head(header, length, withBody: false), cancellationToken);
        await writeBody(input, cancellationToken);
    }

    /// <exception cref="EndOfStreamException">The worker has ended.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public async Task<NodeFrame<TAnswer>> ReadAsync(CancellationToken cancellationToken)
    {
        var count = await output.ReadAtLeastAsync(_received, Prefix, throwOnEndOfStream: true, cancellationToken);
        var (size, headerLength) = ReadHead(_received);
        if (count > size)
        {
            throw new InvalidDataException("A worker answered more than it was asked.");
        }

        try
        {
            if (count < size)
            {
                Grow(size, count);
                await output.ReadExactlyAsync(_received.AsMemory(count, size - count), cancellationToken);
            }

            return Parse(_received.AsSpan(Prefix, size - Prefix), headerLength);
        }
        finally
        {
            // What was built or is to be proved holds a witness.
            Array.Clear(_received, 0, size);
        }
    }

    private void Grow(int size, int count)
    {
        if (size > _received.Length)
        {
            var larger = new byte[size];
            _received.AsSpan(0, count).CopyTo(larger);
            Array.Clear(_received);
            _received = larger;
        }
    }

    private NodeFrame<TAnswer> Parse(ReadOnlySpan<byte> content, int headerLength)
    {
        try
        {
            var header = JsonSerializer.Deserialize(content[..headerLength], answers);
            return header is null ? throw new InvalidDataException("A worker sent no header.") : new NodeFrame<TAnswer>(header, content[headerLength..].ToArray());
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("A worker sent a header that is not JSON.", exception);
        }
    }

    private byte[] Head(ReadOnlySpan<byte> header, long bodyLength, bool withBody)
    {
        var length = LengthField + header.Length + bodyLength;
        if (length > maxFrame)
        {
            throw new ArgumentException("The request is larger than a frame may be.", nameof(bodyLength));
        }

        var head = new byte[Prefix + header.Length + (withBody ? (int)bodyLength : 0)];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)length);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(LengthField), (uint)header.Length);
        header.CopyTo(head.AsSpan(Prefix));
        return head;
    }

    private (int Size, int HeaderLength) ReadHead(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        var headerLength = BinaryPrimitives.ReadUInt32BigEndian(head[LengthField..]);
        return length >= LengthField && length <= maxFrame && headerLength <= length - LengthField
            ? ((int)length + LengthField, (int)headerLength)
            : throw new InvalidDataException("A worker sent something that is no frame.");
    }
}
