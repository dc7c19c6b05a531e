using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Http;

/// <summary>The body of a request in one buffer of the shared pool. It holds a private witness: it is wiped when it is disposed of, and each buffer that it outgrew.</summary>
/// <remarks>The buffer grows with what arrives and not with what is declared: who declares much and sends nothing holds nothing.</remarks>
internal sealed class HeldBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private readonly HeldBytes _held;
    private readonly TenantId _tenant;
    private byte[] _buffer = [];
    private int _length;

    /// <param name="held">Where its bytes are counted.</param>
    /// <param name="tenant">Who sent it.</param>
    public HeldBody(HeldBytes held, TenantId tenant) => (_held, _tenant) = (held, tenant);

    /// <summary>The bytes; until it is disposed of.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, _length);

    /// <summary>Whether the buffer may be used by others afterwards. Not when the work was given up: what still reads it then finds zeros, and never another's witness.</summary>
    public bool IsReusable { get; set; }

    /// <summary>A copy of a part of it that must be wiped with it.</summary>
    public ReadOnlyMemory<byte> Witness { get; set; }

    /// <summary>What still reads it; what is disposed of before is wiped when this ends.</summary>
    public Task InUse { get; set; } = Task.CompletedTask;

    public void Dispose()
    {
        if (InUse.IsCompleted)
        {
            Free();
            return;
        }

        _ = InUse.ContinueWith(
            static (_, body) => ((HeldBody)body!).Free(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <returns>200, 413 when it is longer than the limit, or 429 when too much is held already.</returns>
    public async Task<int> FillAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length && !Grow(limit))
            {
                return StatusCodes.Status429TooManyRequests;
            }

            var count = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (count == 0)
            {
                return StatusCodes.Status200OK;
            }

            _length += count;
            if (_length > limit)
            {
                return StatusCodes.Status413PayloadTooLarge;
            }
        }
    }

    private bool Grow(int limit)
    {
        // One byte beyond the limit, so that a body that is too long is seen.
        var wanted = (int)Math.Clamp(2L * _buffer.Length, FirstBuffer, limit + 1L);
        if (!_held.TryTake(_tenant, wanted, _buffer.Length))
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        if (!TakeRest(larger, wanted))
        {
            return false;
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        Release(_buffer, isReusable: true);
        _buffer = larger;
        return true;
    }

    // The pool gives what it has: the next power of two.
    private bool TakeRest(byte[] larger, int wanted)
    {
        if (_held.TryTake(_tenant, larger.Length - wanted, _buffer.Length + wanted))
        {
            return true;
        }

        _held.Return(_tenant, wanted);
        ArrayPool<byte>.Shared.Return(larger);
        return false;
    }

    private void Free()
    {
        if (MemoryMarshal.TryGetArray(Witness, out var witness))
        {
            CryptographicOperations.ZeroMemory(witness);
        }

        Release(_buffer, IsReusable);
        _buffer = [];
        _length = 0;
    }

    private void Release(byte[] buffer, bool isReusable)
    {
        if (buffer.Length == 0)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(buffer.AsSpan(0, Math.Min(buffer.Length, _length)));
        _held.Return(_tenant, buffer.Length);
        if (isReusable)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
