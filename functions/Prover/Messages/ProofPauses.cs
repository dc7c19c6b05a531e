using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Messages;

/// <summary>How long a message is held back that cannot be carried out yet: long enough that a tenant's thousand waiting jobs cost next to nothing, short where somebody waits.</summary>
internal static class ProofPauses
{
    /// <summary>After an outage of a store.</summary>
    public static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForTransactions = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>For a job that waits for its turn: its tenant has as many running as may, or it made room for another.</summary>
    public static TimeSpan For(ProofWord word, ProofJob job) => job.Priority is ProofPriority.Transaction ? ForTransactions : Growing(word);

    /// <summary>Twice as long each time that it was sent on, and up to half of that more, so that those of one moment do not stay together.</summary>
    public static TimeSpan Growing(ProofWord word)
    {
        var pause = Math.Min(Shortest.TotalSeconds * Math.Pow(2, Math.Min(word.Sent, 10)), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(pause * (1 + (0.5 * Spread(word.Payload))));
    }

    /// <summary>Until a holder has lost the job unless it says that it still has it.</summary>
    public static TimeSpan Until(DateTimeOffset? heldUntil, DateTimeOffset now) => heldUntil - now is { } left && left > Shortest ? left : Shortest;

    // The same for the same job on every host: the ids end in random characters.
    private static double Spread(string payload) => payload[^1] % 16 / 16.0;
}
