using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Messages;

/// <summary>Takes a message with the word of a job from its queue and settles it.</summary>
internal sealed partial class ReceiveProofMessage(RunProofMessage run, IProofCourier courier, ILogger<ReceiveProofMessage> logger)
{
    /// <summary>How often the queue delivers a message before it puts it aside by itself, with its key (<c>infra/bicep/modules/servicebus.bicep</c>).</summary>
    public const int MostDeliveries = 10;

    /// <summary>Carries the word out and settles its message.</summary>
    /// <param name="word">What it says; null when it is no word of a job. Its key is zeroed.</param>
    /// <param name="message">The message, which is locked for this process.</param>
    /// <param name="stopping">The host stops.</param>
    public async Task RunAsync(ProofWord? word, IProofMessage message, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (word is null)
        {
            await message.DeadLetterAsync(DeadLetterReasons.BadMessage, "It is no word of a proof job.");
            return;
        }

        try
        {
            // Sent on it is counted anew; the job's attempts are counted in the job. Clients count the first delivery as 0 or as 1.
            var isNearlyGivenUp = message.Deliveries >= MostDeliveries - 1;
            await SettleAsync(word, message, isNearlyGivenUp ? new ProofMessageOutcome.Later(ProofPauses.Growing(word)) : await OutcomeAsync(word, stopping));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(word.Key);
        }
    }

    // The queue would give a message of which this fails to the next at once, and put it aside after a few of these, while a store is away for a minute.
    private async Task<ProofMessageOutcome> OutcomeAsync(ProofWord word, CancellationToken stopping)
    {
        try
        {
            return await run.RunAsync(word, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new ProofMessageOutcome.Abandon();
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception, word.Tenant, word.JobId);
            return new ProofMessageOutcome.Later(ProofPauses.AfterOutage);
        }
    }

    private async Task SettleAsync(ProofWord word, IProofMessage message, ProofMessageOutcome outcome)
    {
        switch (outcome)
        {
            case ProofMessageOutcome.Later later:
                // First the new one: should this process die between the two, the word comes twice, which is harmless.
                await courier.SendAsync(word with { Sent = word.Sent + 1 }, later.After, CancellationToken.None);
                await message.CompleteAsync();
                break;
            case ProofMessageOutcome.Abandon:
                await message.AbandonAsync();
                break;
            case ProofMessageOutcome.DeadLetter aside:
                LogPutAside(logger, word.Tenant, word.JobId, aside.Reason, aside.Description);
                await message.DeadLetterAsync(aside.Reason, aside.Description);
                break;
            default:
                await message.CompleteAsync();
                break;
        }
    }

    [LoggerMessage(7310, LogLevel.Error, "The message of a proof job of {Tenant} could not be carried out now (job {JobId}); it comes again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, TenantId tenant, string jobId);

    [LoggerMessage(7311, LogLevel.Warning, "The message of a proof job of {Tenant} was put aside (job {JobId}): {Reason}, {Description}")]
    private static partial void LogPutAside(ILogger logger, TenantId tenant, string jobId, string reason, string description);
}

/// <summary>A message that is locked for this process.</summary>
internal interface IProofMessage
{
    /// <summary>How often it was delivered.</summary>
    int Deliveries { get; }

    /// <summary>It is gone.</summary>
    Task CompleteAsync();

    /// <summary>Whoever is next gets it.</summary>
    Task AbandonAsync();

    /// <summary>It is put aside, without its key.</summary>
    Task DeadLetterAsync(string reason, string description);
}
