using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chain;

/// <summary>The devnet's faucet; there is none on a live network.</summary>
public interface IFaucet
{
    /// <summary>Mints NIGHT to an address; answers when it is in a block.</summary>
    Task<Result<FaucetPayment>> MintAsync(string address, Amount amount, CancellationToken cancellationToken);
}

/// <summary>What the faucet did.</summary>
/// <param name="Hash">The transaction's hash, hex.</param>
/// <param name="BlockHeight">The block that has it.</param>
public sealed record FaucetPayment(string Hash, long BlockHeight);
