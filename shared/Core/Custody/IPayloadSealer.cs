namespace MidnightOS.Core.Custody;

/// <summary>Seals small secrets that are not wallet seeds: a webhook's secret, a proof job's input. AES-256-GCM under a data key of their own.</summary>
public interface IPayloadSealer
{
    /// <summary>Seals a payload.</summary>
    /// <param name="payload">The bytes; the caller zeroes them.</param>
    /// <param name="context">What the payload belongs to, the tenant first: it opens only with the same list.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The sealed bytes, safe to store.</returns>
    Task<byte[]> SealAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<string> context, CancellationToken cancellationToken);

    /// <summary>Opens a sealed payload; bytes that were tampered with or belong to another context throw <see cref="VaultException"/>.</summary>
    /// <returns>The payload in an array that the caller owns and zeroes.</returns>
    Task<byte[]> UnsealAsync(ReadOnlyMemory<byte> sealedPayload, IReadOnlyList<string> context, CancellationToken cancellationToken);
}
