using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Proofs.OneTimeKeys;

/// <summary>The keys of stored proofs, among the documents: who has the blobs alone can read none. A key is gone soon after its proof.</summary>
internal sealed class ResultKeys(IDocumentStore store, IOptions<ProofOptions> options, TimeProvider time)
{
    internal const string Kind = "proofKey";

    // A proof whose key went first would be there and not be readable.
    private static readonly TimeSpan Longer = TimeSpan.FromHours(1);

    /// <summary>The key of a part; null when there is none (any more).</summary>
    public async Task<byte[]?> FindAsync(ProofPart part, CancellationToken cancellationToken) =>
        (await ReadAsync(part, cancellationToken)).Value?.Key;

    /// <summary>The key of a part, made when there is none: who writes a proof again uses the key that is there, so that no reader meets a record without its key.</summary>
    public async Task<byte[]> GetAsync(ProofPart part, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (known, place) = await ReadAsync(part, cancellationToken);
            if (known is not null)
            {
                return known.Key;
            }

            var fresh = new ResultKey(RandomNumberGenerator.GetBytes(OneTimeSealer.KeyBytes));
            var write = new DocumentWrite.Put(KeyOf(part), DocumentJson.Serialize(fresh), [])
            {
                Condition = place,
                ExpiresAt = time.GetUtcNow() + options.Value.KeepResults + Longer,
            };
            if ((await store.CommitAsync(part.Tenant, [write], cancellationToken)).Committed)
            {
                return fresh.Key;
            }
        }
    }

    private Task<(ResultKey? Value, Precondition Place)> ReadAsync(ProofPart part, CancellationToken cancellationToken) =>
        store.ReadStrangeAsync<ResultKey>(part.Tenant, KeyOf(part), static stored => stored.Key is { Length: OneTimeSealer.KeyBytes }, cancellationToken);

    private static DocumentKey KeyOf(ProofPart part) => new(Kind, part.Payload);

    /// <param name="Key">The key.</param>
    private sealed record ResultKey(byte[] Key);
}
