using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Transactions;

/// <summary>The bytes of a transfer. They are stored before they are submitted; after a crash the same bytes are submitted again.</summary>
/// <param name="Attempt">The attempt that they are of.</param>
/// <param name="Built">Signed, before proofs and binding; empty when it was bound at once. Of a contract call it holds a private witness: sealed, and empty as soon as it is not needed any more.</param>
/// <param name="ProofsRequired">How many proofs they need.</param>
/// <param name="Bound">Ready to submit; null until proved.</param>
internal sealed record SignedTransaction(int Attempt, byte[] Built, int ProofsRequired, byte[]? Bound)
{
    /// <summary>How long the bytes are kept after a block could last take them: for whoever looks into a dispute.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public static DocumentKey Key(string transactionId) => new("signedTransaction", transactionId);
}
