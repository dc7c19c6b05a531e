using Microsoft.Extensions.Options;

namespace MidnightOS.Prover.Http;

/// <summary>The bytes that all bodies together hold, so that many large ones cannot take the memory.</summary>
internal sealed class HeldBytes(IOptions<ProverOptions> options)
{
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Takes bytes if there are so many left.</summary>
    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _held, count) <= options.Value.MaxHeldBytes)
        {
            return true;
        }

        Interlocked.Add(ref _held, -count);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long count) => Interlocked.Add(ref _held, -count);
}
