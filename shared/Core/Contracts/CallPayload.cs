using System.Security.Cryptography;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Contracts;

/// <summary>What a call is made of beside its record: large, and private.</summary>
/// <param name="Witness">JSON in UTF-8; it may hold private inputs.</param>
/// <param name="Keys">The circuit's keys.</param>
public sealed record CallPayload(byte[] Witness, CircuitKeys Keys) : IDisposable
{
    /// <summary>Overwrites the witness.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(Witness);
}

/// <summary>Keeps what is private of calls sealed, until their transaction ends: payloads, and what the ledger built from them.</summary>
public sealed class CallPayloads(IBlobStore blobs, IPayloadSealer sealer)
{
    private const string Container = "contract-calls";

    /// <summary>Stores one.</summary>
    public async Task PutAsync(TenantId tenant, string transactionId, CallPayload payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var plain = Write(payload);
        try
        {
            var record = await sealer.SealAsync(plain, Owner(tenant, transactionId), cancellationToken);
            using var stream = new MemoryStream(record, writable: false);
            await blobs.PutAsync(Name(tenant, transactionId), stream, overwrite: true, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Reads one; null when it is erased. The caller disposes it.</summary>
    public async Task<CallPayload?> ReadAsync(TenantId tenant, string transactionId, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name(tenant, transactionId), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var record = new byte[checked((int)stream.Length)];
        await stream.ReadExactlyAsync(record, cancellationToken);
        var plain = await sealer.UnsealAsync(record, Owner(tenant, transactionId), cancellationToken);
        try
        {
            return Read(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Erases one.</summary>
    public Task DeleteAsync(TenantId tenant, string transactionId, CancellationToken cancellationToken) =>
        blobs.DeleteAsync(Name(tenant, transactionId), cancellationToken);

    /// <summary>Seals a built call for its record: until it is bound it holds the witness that its proofs are made of. The bytes that are given are zeroed.</summary>
    public async Task<byte[]> SealBuiltAsync(TenantId tenant, string transactionId, byte[] built, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(built);
        try
        {
            return await sealer.SealAsync(built, BuiltOwner(tenant, transactionId), cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(built);
        }
    }

    /// <summary>Opens one, in an array that the caller zeroes.</summary>
    public Task<byte[]> OpenBuiltAsync(TenantId tenant, string transactionId, byte[] record, CancellationToken cancellationToken) =>
        sealer.UnsealAsync(record, BuiltOwner(tenant, transactionId), cancellationToken);

    private static byte[] Write(CallPayload payload)
    {
        byte[][] parts = [payload.Witness, payload.Keys.ProverKey, payload.Keys.VerifierKey, payload.Keys.Ir];
        var bytes = new byte[parts.Sum(static part => sizeof(int) + part.Length)];
        using var writer = new BinaryWriter(new MemoryStream(bytes));
        foreach (var part in parts)
        {
            writer.Write(part.Length);
            writer.Write(part);
        }

        return bytes;
    }

    private static CallPayload Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        return new CallPayload(Part(), new CircuitKeys(Part(), Part(), Part()));

        byte[] Part() => reader.ReadBytes(reader.ReadInt32());
    }

    private static BlobName Name(TenantId tenant, string transactionId) => new(tenant, Container, transactionId);

    private static string[] Owner(TenantId tenant, string transactionId) => [tenant.Value, "contract-call", transactionId];

    private static string[] BuiltOwner(TenantId tenant, string transactionId) => [tenant.Value, "built-call", transactionId];
}
