using MidnightOS.Core.Chain;

namespace MidnightOS.Core.Transactions;

/// <summary>What a record takes from the chain.</summary>
internal static class ChainFacts
{
    /// <summary>The record with the chain's hash, block, fee and time.</summary>
    public static Transaction In(this Transaction transaction, ChainTransaction chain) => transaction with
    {
        Hash = chain.Hash,
        Block = new TransactionBlock(chain.BlockHeight, chain.BlockHash),
        Fee = chain.Fee,
        ConfirmedAt = chain.BlockTime,
        Error = null,
    };
}
