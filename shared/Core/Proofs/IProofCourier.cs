using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Brings word of a job to whoever proves it, where looking into the store is not enough.</summary>
public interface IProofCourier
{
    /// <summary>Sends the word; it arrives at least once, perhaps before the job is accepted.</summary>
    /// <param name="word">What is told. The caller zeroes its key.</param>
    /// <param name="after">How long it is held back; zero for not at all.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task SendAsync(ProofWord word, TimeSpan after, CancellationToken cancellationToken);
}

/// <summary>Word of a job.</summary>
/// <param name="Tenant">Whose job it is.</param>
/// <param name="Payload">What names the job's bytes (<see cref="ProofJob.Payload"/>), and the job.</param>
/// <param name="Key">Opens the request; empty when whoever proves has the key.</param>
/// <param name="Sent">How often it was sent on before.</param>
public sealed record ProofWord(TenantId Tenant, string Payload, byte[] Key, int Sent = 0)
{
    /// <summary>The job.</summary>
    public string JobId => ProofDocuments.JobOf(Payload);

    /// <summary>A word that came from outside.</summary>
    /// <returns>The word; null when no job can be meant.</returns>
    public static ProofWord? Of(string? tenant, string? payload, byte[] key, int sent) =>
        IdFormat.Is(IdPrefix.Tenant, tenant) && payload?.Split('.') is [var job, { Length: > 0 }] && IdFormat.Is(IdPrefix.Proof, job) && sent >= 0
            ? new ProofWord(new TenantId(tenant!), payload, key, sent)
            : null;
}
