using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Seals what proof jobs store, each edition under the keys that its apps may use.</summary>
public interface IProofSealer
{
    /// <summary>Seals a part of a job's bytes.</summary>
    /// <param name="part">What it is; it opens only as the same part.</param>
    /// <param name="content">The bytes; the caller zeroes them.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The record to store, and the key that opens it when that key is stored nowhere.</returns>
    Task<SealedPart> SealAsync(ProofPart part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens a part.</summary>
    /// <param name="part">What it is.</param>
    /// <param name="record">As it was stored.</param>
    /// <param name="key">The key that was given with the record; empty for none.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The bytes in an array that the caller zeroes; null when the key that is wanted is not here any more, or does not open them.</returns>
    Task<byte[]?> UnsealAsync(ProofPart part, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);
}

/// <summary>A part of a job's bytes.</summary>
/// <param name="Tenant">Whose job it is.</param>
/// <param name="Payload">What names the job's bytes (<see cref="ProofJob.Payload"/>).</param>
/// <param name="Name"><see cref="Request"/> or <see cref="Result"/>.</param>
public sealed record ProofPart(TenantId Tenant, string Payload, string Name)
{
    /// <summary>What is asked for; it holds a private witness.</summary>
    public const string Request = "request";

    /// <summary>The proof.</summary>
    public const string Result = "result";

    /// <summary>What the bytes belong to, the tenant first.</summary>
    public IReadOnlyList<string> Owner => [Tenant.Value, "proof", Payload, Name];
}

/// <summary>A sealed part.</summary>
/// <param name="Record">Safe to store.</param>
/// <param name="OneTimeKey">What opens it and must be stored nowhere beside it; empty when a vault's key does.</param>
public sealed record SealedPart(byte[] Record, byte[] OneTimeKey);
