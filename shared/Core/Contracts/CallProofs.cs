using System.Security.Cryptography;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Contracts;

/// <summary>Has the proofs of a call made by the proof service: a durable job each, over the same queue as everybody's.</summary>
public sealed class CallProofs(IContractLedger ledger, SubmitProof submit, ReadProof read, CancelProof cancel)
{
    private const int LongestReason = 500;

    /// <summary>Asks for every proof that a built call wants. Asked again it finds the same jobs.</summary>
    /// <returns>The jobs; <c>RATE_LIMITED</c> when too many of the tenant wait already; otherwise why the ledger refuses.</returns>
    public async Task<Result<IReadOnlyList<CallProof>>> RequestAsync(
        TenantId tenant, string transactionId, BuiltTransaction built, CircuitKeys keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(built);
        List<CallProof> proofs = [];
        for (var index = 0; index < built.ProofsRequired; index++)
        {
            var wanted = await ledger.WantedProofAsync(built, keys, index, cancellationToken);
            if (!wanted.IsSuccess)
            {
                return wanted.Error;
            }

            var job = await SubmitAsync(tenant, transactionId, wanted.Value.Request, cancellationToken);
            if (!job.IsSuccess)
            {
                return job.Error;
            }

            proofs.Add(new CallProof(wanted.Value.Digest, job.Value.Id));
        }

        return proofs;
    }

    private async Task<Result<ProofJob>> SubmitAsync(TenantId tenant, string transactionId, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            return await submit.RunAsync(tenant, new ProofRequest(request, ProofPriority.Transaction, transactionId), cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(request);
        }
    }

    /// <summary>Looks at the jobs.</summary>
    public async Task<CallProofsState> ReadAsync(TenantId tenant, IReadOnlyList<CallProof> proofs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proofs);
        List<MadeProof> made = [];
        foreach (var proof in proofs)
        {
            var job = await read.FindAsync(tenant, proof.JobId, cancellationToken);
            switch (job?.Status)
            {
                case ProofJobStatus.Failed:
                    return new CallProofsState(Failure: $"Its proof could not be made: {Line(job.Failure?.Reason)}");
                case ProofJobStatus.Cancelled:
                    return new CallProofsState(Failure: "Its proof was cancelled.");
                case ProofJobStatus.Succeeded when await read.ResultAsync(tenant, proof.JobId, cancellationToken) is { IsSuccess: true } result:
                    made.Add(new MadeProof(proof.Digest, result.Value));
                    break;
                case null or ProofJobStatus.Succeeded:
                    return new CallProofsState(Gone: true);
            }
        }

        return made.Count == proofs.Count ? new CallProofsState(Made: made) : new CallProofsState();
    }

    // It becomes part of the transaction's record, and whoever makes proofs may have written anything.
    private static string Line(string? reason) =>
        string.Concat((reason is { Length: > LongestReason } ? reason[..LongestReason] : reason ?? "").Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));

    /// <summary>Takes back whatever of them is not needed any more, with its bytes.</summary>
    public async Task CancelAsync(TenantId tenant, IReadOnlyList<CallProof> proofs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proofs);
        foreach (var proof in proofs)
        {
            await cancel.RunAsync(tenant, proof.JobId, cancellationToken);
        }
    }
}

/// <summary>Where the proofs of a call are. With nothing set some are still being made.</summary>
/// <param name="Made">All of them.</param>
/// <param name="Failure">Why there will be none, as a sentence.</param>
/// <param name="Gone">Whether one is not there any more and has to be asked for again.</param>
public sealed record CallProofsState(IReadOnlyList<MadeProof>? Made = null, string? Failure = null, bool Gone = false);
