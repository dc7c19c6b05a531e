using System.Buffers.Binary;
using System.Text.Json;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Ledger;

/// <summary>A frame that a worker sent.</summary>
internal readonly record struct LedgerFrame(LedgerAnswer Header, byte[] Body);

/// <summary>Frames over a worker's standard streams. Seeds pass by: the secret writes its own bytes behind the header.</summary>
internal sealed class LedgerFrames(Stream input, Stream output)
{
    private const int Prefix = 8;
    private const int LengthField = 4;
    private const int MaxFrame = 16 * 1024 * 1024;

    // Nearly every answer fits: then one read brings all of it.
    private byte[] _received = new byte[16 * 1024];

    public async Task WriteAsync(LedgerRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(request, LedgerJson.Default.LedgerRequest);
        var frame = new byte[Prefix + header.Length + body.Length];
        WriteHead(frame, header, body.Length);
        body.CopyTo(frame.AsMemory(Prefix + header.Length));
        await input.WriteAsync(frame, cancellationToken);
        await input.FlushAsync(cancellationToken);
    }

    public async Task WriteAsync(LedgerRequest request, IWalletSecret secret, CancellationToken cancellationToken)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(request, LedgerJson.Default.LedgerRequest);
        var head = new byte[Prefix + header.Length];
        WriteHead(head, header, secret.Length);
        await input.WriteAsync(head, cancellationToken);
        await secret.WriteToAsync(input, cancellationToken);
    }

    /// <exception cref="EndOfStreamException">The worker has ended.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public async Task<LedgerFrame> ReadAsync(CancellationToken cancellationToken)
    {
        var count = await output.ReadAtLeastAsync(_received, Prefix, throwOnEndOfStream: true, cancellationToken);
        var (size, headerLength) = ReadHead(_received);
        if (count > size)
        {
            throw new InvalidDataException("A ledger worker answered more than it was asked.");
        }

        if (count < size)
        {
            if (size > _received.Length)
            {
                Array.Resize(ref _received, size);
            }

            await output.ReadExactlyAsync(_received.AsMemory(count, size - count), cancellationToken);
        }

        return Parse(_received.AsSpan(Prefix, size - Prefix), headerLength);
    }

    private static LedgerFrame Parse(ReadOnlySpan<byte> content, int headerLength)
    {
        try
        {
            var header = JsonSerializer.Deserialize(content[..headerLength], LedgerJson.Default.LedgerAnswer);
            return header is null ? throw new InvalidDataException("A ledger worker sent no header.") : new LedgerFrame(header, content[headerLength..].ToArray());
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("A ledger worker sent a header that is not JSON.", exception);
        }
    }

    private static void WriteHead(Span<byte> frame, ReadOnlySpan<byte> header, int bodyLength)
    {
        var length = checked(LengthField + header.Length + bodyLength);
        if (length > MaxFrame)
        {
            throw new ArgumentException("The request is larger than a frame may be.", nameof(bodyLength));
        }

        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)length);
        BinaryPrimitives.WriteUInt32BigEndian(frame[LengthField..], (uint)header.Length);
        header.CopyTo(frame[Prefix..]);
    }

    private static (int Size, int HeaderLength) ReadHead(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        var headerLength = BinaryPrimitives.ReadUInt32BigEndian(head[LengthField..]);
        return length is >= LengthField and <= MaxFrame && headerLength <= length - LengthField
            ? ((int)length + LengthField, (int)headerLength)
            : throw new InvalidDataException("A ledger worker sent something that is no frame.");
    }
}
