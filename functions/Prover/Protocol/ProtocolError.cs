namespace MidnightOS.Prover.Protocol;

/// <summary>Why a body is not what its route takes. It never holds a part of a preimage.</summary>
/// <param name="Offset">The byte of the body at which it went wrong.</param>
/// <param name="Problem">For the log: what was expected there and what was found.</param>
/// <param name="Answer">For the client: what the official proof server says to it.</param>
internal sealed record ProtocolError(int Offset, string Problem, string Answer)
{
    /// <inheritdoc/>
    public override string ToString() => $"byte {Offset}: {Problem}";
}
