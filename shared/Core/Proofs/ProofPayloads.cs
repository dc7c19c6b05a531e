using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>The bytes of jobs: requests, which hold private witnesses, and proofs. Sealed wherever they are stored.</summary>
public sealed class ProofPayloads(IBlobStore blobs, IPayloadSealer sealer)
{
    private const string Container = "proofs";

    /// <summary>Stores a request; the same content again changes nothing.</summary>
    public Task PutRequestAsync(TenantId tenant, string jobId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(tenant, jobId, "request", content, cancellationToken);

    /// <summary>The request of a job in an array that the caller zeroes; null when it is erased.</summary>
    public Task<byte[]?> ReadRequestAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        ReadAsync(tenant, jobId, "request", cancellationToken);

    /// <summary>Stores a proof.</summary>
    public Task PutResultAsync(TenantId tenant, string jobId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(tenant, jobId, "result", content, cancellationToken);

    /// <summary>The proof of a job; null when there is none.</summary>
    public Task<byte[]?> ReadResultAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        ReadAsync(tenant, jobId, "result", cancellationToken);

    /// <summary>Erases both.</summary>
    public async Task DeleteAsync(TenantId tenant, string jobId, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(Name(tenant, jobId, "request"), cancellationToken);
        await blobs.DeleteAsync(Name(tenant, jobId, "result"), cancellationToken);
    }

    private async Task PutAsync(TenantId tenant, string jobId, string part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var record = await sealer.SealAsync(content, Owner(tenant, jobId, part), cancellationToken);
        using var stream = new MemoryStream(record, writable: false);
        await blobs.PutAsync(Name(tenant, jobId, part), stream, overwrite: true, cancellationToken);
    }

    private async Task<byte[]?> ReadAsync(TenantId tenant, string jobId, string part, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name(tenant, jobId, part), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var record = new byte[checked((int)stream.Length)];
        await stream.ReadExactlyAsync(record, cancellationToken);
        return await sealer.UnsealAsync(record, Owner(tenant, jobId, part), cancellationToken);
    }

    private static BlobName Name(TenantId tenant, string jobId, string part) => new(tenant, Container, $"{jobId}.{part}");

    private static string[] Owner(TenantId tenant, string jobId, string part) => [tenant.Value, "proof", jobId, part];
}
