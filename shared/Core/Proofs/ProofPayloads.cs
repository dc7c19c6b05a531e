using System.Security.Cryptography;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>The bytes of jobs: requests, which hold private witnesses, and proofs. Sealed wherever they are stored, under the name that the job tells (<see cref="ProofJob.Payload"/>).</summary>
public sealed class ProofPayloads(IBlobStore blobs, IProofSealer sealer, IProofCourier courier)
{
    private const string Container = "proofs";

    // Some hundred times a proof. Whoever makes proofs must not fill the memory of those who read them.
    private const int LongestResult = 1024 * 1024;

    /// <summary>Stores a request, and sends word of it to whoever proves, before its job is accepted: a job that was accepted can always be proved.</summary>
    public async Task PutRequestAsync(TenantId tenant, string payload, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var part = new ProofPart(tenant, payload, ProofPart.Request);
        var sealedPart = await sealer.SealAsync(part, content, cancellationToken);
        try
        {
            await StoreAsync(part, sealedPart.Record, cancellationToken);
            await courier.SendAsync(new ProofWord(tenant, payload, sealedPart.OneTimeKey), TimeSpan.Zero, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealedPart.OneTimeKey);
        }
    }

    /// <summary>The request of a job in an array that the caller zeroes; null when it is erased, or the key is not the one that opens it.</summary>
    public Task<byte[]?> ReadRequestAsync(TenantId tenant, string payload, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        ReadAsync(new ProofPart(tenant, payload, ProofPart.Request), key, cancellationToken);

    /// <summary>Stores a proof.</summary>
    public async Task PutResultAsync(TenantId tenant, string payload, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var part = new ProofPart(tenant, payload, ProofPart.Result);
        var sealedPart = await sealer.SealAsync(part, content, cancellationToken);
        await StoreAsync(part, sealedPart.Record, cancellationToken);
    }

    /// <summary>The proof of a job; null when there is none, or what is there is none.</summary>
    public Task<byte[]?> ReadResultAsync(TenantId tenant, string payload, CancellationToken cancellationToken) =>
        ReadAsync(new ProofPart(tenant, payload, ProofPart.Result), default, cancellationToken);

    /// <summary>Erases the request, which holds a private witness and which nobody needs once the job has ended.</summary>
    public Task DeleteRequestAsync(TenantId tenant, string payload, CancellationToken cancellationToken) =>
        blobs.DeleteAsync(Name(new ProofPart(tenant, payload, ProofPart.Request)), cancellationToken);

    /// <summary>Erases both.</summary>
    public async Task DeleteAsync(TenantId tenant, string payload, CancellationToken cancellationToken)
    {
        await DeleteRequestAsync(tenant, payload, cancellationToken);
        await blobs.DeleteAsync(Name(new ProofPart(tenant, payload, ProofPart.Result)), cancellationToken);
    }

    private async Task StoreAsync(ProofPart part, byte[] record, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(record, writable: false);
        await blobs.PutAsync(Name(part), stream, overwrite: true, cancellationToken);
    }

    private async Task<byte[]?> ReadAsync(ProofPart part, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name(part), cancellationToken);
        if (stream is null || (part.Name == ProofPart.Result && stream.Length > LongestResult))
        {
            return null;
        }

        var record = new byte[checked((int)stream.Length)];
        await stream.ReadExactlyAsync(record, cancellationToken);
        return await sealer.UnsealAsync(part, record, key, cancellationToken);
    }

    private static BlobName Name(ProofPart part) => new(part.Tenant, Container, $"{part.Payload}.{part.Name}");
}
