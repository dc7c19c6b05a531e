namespace MidnightOS.Prover.Messages;

/// <summary>What becomes of a message that spoke of a job.</summary>
internal abstract record ProofMessageOutcome
{
    private ProofMessageOutcome()
    {
    }

    /// <summary>It has done its part, and its key goes with it: the job has ended.</summary>
    public sealed record Complete : ProofMessageOutcome;

    /// <summary>The same word comes again later.</summary>
    /// <param name="After">How long it is held back, so that nobody turns over messages that cannot be carried out yet.</param>
    public sealed record Later(TimeSpan After) : ProofMessageOutcome;

    /// <summary>Another host shall have it at once: this one stops.</summary>
    public sealed record Abandon : ProofMessageOutcome;

    /// <summary>It is put aside for people to look at.</summary>
    /// <param name="Reason">One of <see cref="DeadLetterReasons"/>.</param>
    /// <param name="Description">A sentence. Never a part of a key or a request.</param>
    public sealed record DeadLetter(string Reason, string Description) : ProofMessageOutcome;
}

/// <summary>Why messages are put aside.</summary>
internal static class DeadLetterReasons
{
    /// <summary>It is no word of a job.</summary>
    public const string BadMessage = "BadMessage";

    /// <summary>It has no key.</summary>
    public const string MissingKey = "MissingKey";

    /// <summary>The request is not there, or its key does not open it, or nothing that proves survives it.</summary>
    public const string BadPayload = "BadPayload";

    /// <summary>The job was begun as often as it may be.</summary>
    public const string TooManyAttempts = "TooManyAttempts";
}
