using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Tests.Unit.Midnight.Node;

public sealed class NodeFramesTests
{
    private static JsonTypeInfo<JsonElement> Headers => (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Web.GetTypeInfo(typeof(JsonElement));

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task ReadAsync_WhatAWorkerAnswered_IsLeftInNoBuffer(int length)
    {
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("witness ", length / 8)));
        using var output = new WatchedStream(Frame("{}", body));
        var frames = new NodeFrames<JsonElement>(Stream.Null, output, Headers);
        var answer = await frames.ReadAsync(CancellationToken.None);
        Assert.Equal(body, answer.Body);
        Assert.NotEmpty(output.Buffers);
        Assert.All(output.Buffers, static buffer => Assert.Equal(-1, buffer.Span.IndexOfAnyExcept((byte)0)));
    }

    [Fact]
    public async Task ReadAsync_OneAfterTheOther_EachIsWhole()
    {
        using var output = new MemoryStream([.. Frame("{}", new byte[40_000])]);
        var frames = new NodeFrames<JsonElement>(Stream.Null, output, Headers);
        Assert.Equal(40_000, (await frames.ReadAsync(CancellationToken.None)).Body.Length);
        output.SetLength(0);
        await output.WriteAsync(Frame("{}", [7]));
        output.Position = 0;
        Assert.Equal([7], (await frames.ReadAsync(CancellationToken.None)).Body);
    }

    private static byte[] Frame(string header, byte[] body)
    {
        var frame = new byte[8 + header.Length + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)(4 + header.Length + body.Length));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)header.Length);
        Encoding.ASCII.GetBytes(header, frame.AsSpan(8));
        body.CopyTo(frame, 8 + header.Length);
        return frame;
    }

    /// <summary>Keeps hold of the buffers that were read into.</summary>
    private sealed class WatchedStream(byte[] content) : MemoryStream(content)
    {
        public List<ReadOnlyMemory<byte>> Buffers { get; } = [];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Buffers.Add(buffer);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
