namespace MidnightOS.Prover.Upstream;

/// <summary>What came of asking a proof server.</summary>
/// <param name="Outcome">What kind of answer it is.</param>
/// <param name="Content">Its bytes; empty unless it is done or refused.</param>
/// <param name="Problem">What is wrong, for the log.</param>
internal sealed record UpstreamReply(UpstreamOutcome Outcome, byte[] Content, string Problem = "")
{
    /// <summary>An answer without content.</summary>
    public static UpstreamReply Of(UpstreamOutcome outcome, string problem) => new(outcome, [], problem);
}

/// <summary>The kinds of answers of a proof server. They tell a fault of the server from one of the request: a tenant whose requests fail must not take a server from the others.</summary>
internal enum UpstreamOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The request is at fault, as every server would say.</summary>
    Refused,

    /// <summary>The request has more bytes than this server takes.</summary>
    TooLarge,

    /// <summary>It takes no more work now.</summary>
    Busy,

    /// <summary>It answered with an error of its own. The request may have brought it about, unless another server does it.</summary>
    Broke,

    /// <summary>The connection broke while it was at work. As with <see cref="Broke"/>, the request may be the reason.</summary>
    Lost,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It cannot be reached, or what is there is no proof server.</summary>
    Away,
}

/// <summary>How a proof server is.</summary>
internal enum UpstreamHealth
{
    /// <summary>It was not asked yet.</summary>
    Unknown,

    /// <summary>It takes work.</summary>
    Ready,

    /// <summary>Its queue is full.</summary>
    Busy,

    /// <summary>It does not answer, or not as a proof server does.</summary>
    Down,
}
