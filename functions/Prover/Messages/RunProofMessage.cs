using Microsoft.Extensions.Options;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Messages;

/// <summary>Carries out the word of a job: has it proved in this process's line, where it is one among the calls of the official routes, and says what becomes of the message.</summary>
/// <remarks>The job's record decides. A message may come twice, before its job is accepted, or long after it has ended.</remarks>
internal sealed class RunProofMessage(ProofLine line, ProofJobSide jobs, ReadProof read, HoldProof hold, IOptions<ProofOptions> options, TimeProvider time)
{
    // The word of a job may be faster than its acceptance. It is waited for at once, then with pauses that make some ten minutes; a job that is not there then was never accepted.
    private static readonly TimeSpan AcceptedWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private const int MostSentUnaccepted = 15;

    private static readonly ProofMessageOutcome Done = new ProofMessageOutcome.Complete();

    /// <summary>Carries it out.</summary>
    /// <param name="word">What the message says. The caller zeroes its key afterwards.</param>
    /// <param name="stopping">The host stops: what runs is given back.</param>
    public async Task<ProofMessageOutcome> RunAsync(ProofWord word, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(word);
        var job = await AcceptedAsync(word, stopping);
        if (job is { Status: ProofJobStatus.Running } && job.HeldUntil <= time.GetUtcNow())
        {
            await hold.ReleaseAsync(word.Tenant, job.Id, stopping);
            job = await FindAsync(word);
        }

        if (job is { Status: ProofJobStatus.Queued } && !await hold.GiveUpAsync(word.Tenant, job.Id, stopping))
        {
            await ProveAsync(word, job, stopping);
            job = await FindAsync(word);
        }

        return Of(word, job, stopping.IsCancellationRequested);
    }

    private async Task<ProofJob?> AcceptedAsync(ProofWord word, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        ProofJob? job;
        while ((job = await FindAsync(word)) is null && word.Sent == 0 && time.GetElapsedTime(began) < AcceptedWithin)
        {
            await Task.Delay(LookEvery, time, stopping);
        }

        return job;
    }

    // A job of another payload was asked for anew and has a message of its own, or this word's is about to be accepted.
    private async Task<ProofJob?> FindAsync(ProofWord word) =>
        await read.FindAsync(word.Tenant, word.JobId, CancellationToken.None) is { } job && job.Payload == word.Payload ? job : null;

    private async Task ProveAsync(ProofWord word, ProofJob job, CancellationToken stopping)
    {
        if (line.AddMessage(word.Tenant, job, word.Key) is not { } task)
        {
            return;
        }

        if (!task.IsJob)
        {
            await jobs.AdoptAsync(task, stopping);
        }

        await using var stop = stopping.Register(() => line.Stop(task));
        await ((Task)task.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ProofMessageOutcome Of(ProofWord word, ProofJob? job, bool stops) => job switch
    {
        null => word.Sent < MostSentUnaccepted ? new ProofMessageOutcome.Later(ProofPauses.Growing(word)) : Done,
        { Status: ProofJobStatus.Failed, Failure: { Kind: ProofFailureKind.Internal or ProofFailureKind.Interrupted } failure } => PutAside(word, job, failure),
        _ when ProofJobTransitions.IsFinal(job.Status) => Done,
        _ when stops => new ProofMessageOutcome.Abandon(),
        { Status: ProofJobStatus.Running } => new ProofMessageOutcome.Later(ProofPauses.Until(job.HeldUntil, time.GetUtcNow())),
        _ => new ProofMessageOutcome.Later(ProofPauses.For(word, job)),
    };

    private ProofMessageOutcome.DeadLetter PutAside(ProofWord word, ProofJob job, ProofFailure failure) => new(
        word.Key.Length == 0 ? DeadLetterReasons.MissingKey
            : job.Attempts >= options.Value.MaxAttempts ? DeadLetterReasons.TooManyAttempts
            : DeadLetterReasons.BadPayload,
        failure.Reason);
}
