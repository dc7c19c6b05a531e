using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Contracts;

/// <summary>A built call, not proven.</summary>
/// <param name="Built">The ledger's bytes; they hold the private witness.</param>
/// <param name="Ttl">Until when (chain time) a block may take it.</param>
public sealed record PreparedCall(BuiltTransaction Built, DateTimeOffset Ttl);

/// <summary>Builds a call on the contract as the chain has it now. It changes nothing.</summary>
public sealed class PrepareCall(
    IContractReader contracts, IContractLedger ledger, NetworkProfile network, ChainClock clock, IOptions<TransactionOptions> options)
{
    /// <summary>The built call with its time to live; or <c>NOT_FOUND</c>, or <c>INVALID_REQUEST</c> when the transcript, the keys or the entry point do not fit.</summary>
    public async Task<Result<PreparedCall>> RunAsync(ContractCall call, CallPayload payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(payload);
        if (await contracts.FindAsync(call.Address, cancellationToken) is not { } contract)
        {
            return Error.NotFound("contract");
        }

        var ttl = DateTimeOffset.FromUnixTimeSeconds((await clock.NowAsync(cancellationToken) + options.Value.CallTimeToLive).ToUnixTimeSeconds());
        var plan = new CallPlan(network.Id, ttl, contract, call.Address, call.EntryPoint, payload.Witness, payload.Keys);
        var built = await ledger.BuildCallAsync(plan, cancellationToken);
        return built.IsSuccess ? new PreparedCall(built.Value, ttl) : built.Error;
    }
}
