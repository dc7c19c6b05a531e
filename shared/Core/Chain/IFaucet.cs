using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chain;

/// <summary>The devnet's faucet; there is none on a live network.</summary>
public interface IFaucet
{
    /// <summary>Mints NIGHT to an address; answers when it is in a block.</summary>
    /// <param name="address">An unshielded address, Bech32m.</param>
    /// <param name="amount">STAR.</param>
    /// <param name="requestId">Names the request: with an id that was served before nothing is minted and the first payment is given again. Null = none.</param>
    /// <param name="cancellationToken">Stops the wait; the payment may be made all the same.</param>
    Task<Result<FaucetPayment>> MintAsync(string address, Amount amount, string? requestId, CancellationToken cancellationToken);
}

/// <summary>What the faucet did.</summary>
/// <param name="Hash">The transaction's hash, hex.</param>
/// <param name="BlockHeight">The block that has it.</param>
public sealed record FaucetPayment(string Hash, long BlockHeight);
