using System.Buffers;

namespace MidnightOS.Custody.Vault;

/// <summary>A buffer of fixed size for text with keys in it: it never grows, so no copy is left behind.</summary>
internal sealed class PinnedBufferWriter(int capacity) : IBufferWriter<byte>, IDisposable
{
    private readonly SecretBytes _buffer = new(capacity);
    private int _written;

    public ReadOnlySpan<byte> Written => _buffer.Span[.._written];

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) =>
        _buffer.Length - _written > sizeHint ? _buffer.Memory[_written..] : throw new InvalidOperationException("The key file is too large.");

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => _buffer.Dispose();
}
