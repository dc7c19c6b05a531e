using System.Security.Cryptography;

namespace MidnightOS.Custody;

/// <summary>Secret bytes in memory that the garbage collector never copies; disposing overwrites them with zeros.</summary>
internal sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    public SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    public int Length => _bytes.Length;

    public Span<byte> Span => Memory.Span;

    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    public static SecretBytes Random(int length)
    {
        var secret = new SecretBytes(length);
        RandomNumberGenerator.Fill(secret.Span);
        return secret;
    }

    /// <summary>Moves bytes here and overwrites where they came from.</summary>
    public static SecretBytes Take(byte[] source)
    {
        var secret = new SecretBytes(source.Length);
        source.CopyTo(secret.Span);
        CryptographicOperations.ZeroMemory(source);
        return secret;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
