using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MidnightOS.Prover.Protocol;

/// <summary>The keys of a circuit, each with its tag, as the ledger serializes them.</summary>
/// <param name="ProverKey"><c>midnight:prover-key[v7](ir-source[v2]):…</c></param>
/// <param name="VerifierKey"><c>midnight:verifier-key[v6]:…</c></param>
/// <param name="Ir"><c>midnight:ir-source[v2]:…</c></param>
internal sealed record KeyMaterial(ReadOnlyMemory<byte> ProverKey, ReadOnlyMemory<byte> VerifierKey, ReadOnlyMemory<byte> Ir)
{
    private string? _hash;

    // A copy made with "with" has other parts: it must not take the hash along.
    private KeyMaterial(KeyMaterial original) => (ProverKey, VerifierKey, Ir) = (original.ProverKey, original.VerifierKey, original.Ir);

    /// <summary>SHA-256 over the three parts, each behind its length (u64 LE), lower hex: what the keys are kept in memory by.</summary>
    public string Hash => _hash ??= ComputeHash();

    /// <summary>Bytes of the three parts.</summary>
    public long Length => (long)ProverKey.Length + VerifierKey.Length + Ir.Length;

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        foreach (var part in new[] { ProverKey, VerifierKey, Ir })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)part.Length);
            hash.AppendData(length);
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
