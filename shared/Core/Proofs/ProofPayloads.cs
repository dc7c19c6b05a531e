using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>The bytes of jobs: requests, which hold private witnesses, and proofs. Sealed wherever they are stored, under the name that the job tells (<see cref="ProofJob.Payload"/>).</summary>
public sealed class ProofPayloads(IBlobStore blobs, IPayloadSealer sealer)
{
    private const string Container = "proofs";

    /// <summary>Stores a request.</summary>
    public Task PutRequestAsync(TenantId tenant, string payload, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(tenant, payload, "request", content, cancellationToken);

    /// <summary>The request of a job in an array that the caller zeroes; null when it is erased.</summary>
    public Task<byte[]?> ReadRequestAsync(TenantId tenant, string payload, CancellationToken cancellationToken) =>
        ReadAsync(tenant, payload, "request", cancellationToken);

    /// <summary>Stores a proof.</summary>
    public Task PutResultAsync(TenantId tenant, string payload, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(tenant, payload, "result", content, cancellationToken);

    /// <summary>The proof of a job; null when there is none.</summary>
    public Task<byte[]?> ReadResultAsync(TenantId tenant, string payload, CancellationToken cancellationToken) =>
        ReadAsync(tenant, payload, "result", cancellationToken);

    /// <summary>Whether the proof of a job is there.</summary>
    public async Task<bool> HasResultAsync(TenantId tenant, string payload, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name(tenant, payload, "result"), cancellationToken);
        return stream is not null;
    }

    /// <summary>Erases the request, which holds a private witness and which nobody needs once the job has ended.</summary>
    public Task DeleteRequestAsync(TenantId tenant, string payload, CancellationToken cancellationToken) =>
        blobs.DeleteAsync(Name(tenant, payload, "request"), cancellationToken);

    /// <summary>Erases both.</summary>
    public async Task DeleteAsync(TenantId tenant, string payload, CancellationToken cancellationToken)
    {
        await DeleteRequestAsync(tenant, payload, cancellationToken);
        await blobs.DeleteAsync(Name(tenant, payload, "result"), cancellationToken);
    }

    private async Task PutAsync(TenantId tenant, string payload, string part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var record = await sealer.SealAsync(content, Owner(tenant, payload, part), cancellationToken);
        using var stream = new MemoryStream(record, writable: false);
        await blobs.PutAsync(Name(tenant, payload, part), stream, overwrite: true, cancellationToken);
    }

    private async Task<byte[]?> ReadAsync(TenantId tenant, string payload, string part, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name(tenant, payload, part), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var record = new byte[checked((int)stream.Length)];
        await stream.ReadExactlyAsync(record, cancellationToken);
        return await sealer.UnsealAsync(record, Owner(tenant, payload, part), cancellationToken);
    }

    private static BlobName Name(TenantId tenant, string payload, string part) => new(tenant, Container, $"{payload}.{part}");

    private static string[] Owner(TenantId tenant, string payload, string part) => [tenant.Value, "proof", payload, part];
}
