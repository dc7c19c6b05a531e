using System.Text.Json;
using System.Text.Json.Serialization;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;

namespace MidnightOS.Midnight.Chain;

internal sealed record TipData(BlockData? Block = null);

internal sealed record ContractData(ActionData? ContractAction = null, ParametersData? Block = null);

internal sealed record ActionData(string State);

internal sealed record ParametersData(string LedgerParameters);

internal sealed record TransactionsData(IReadOnlyList<TransactionData> Transactions);

internal sealed record BlocksData(BlockData Blocks);

internal sealed record AddressData(AddressEventData UnshieldedTransactions);

/// <summary>A block; its time is in Unix milliseconds (midnight-indexer, <c>chain-indexer/src/domain/ledger_state.rs</c>).</summary>
internal sealed record BlockData(long Height, string Hash, long Timestamp, IReadOnlyList<TouchData>? Transactions = null)
{
    public ChainBlock ToBlock() => new(Height, IndexerText.Hex(Hash), Time, Touched());

    [JsonIgnore]
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Timestamp);

    private string[] Touched() => Transactions is null
        ? []
        : [.. Transactions
            .SelectMany(transaction => transaction.UnshieldedCreatedOutputs.Concat(transaction.UnshieldedSpentOutputs))
            .Select(coin => coin.Owner)
            .Distinct(StringComparer.Ordinal)];
}

internal sealed record TouchData(IReadOnlyList<OwnerData> UnshieldedCreatedOutputs, IReadOnlyList<OwnerData> UnshieldedSpentOutputs);

internal sealed record OwnerData(string Owner);

internal sealed record CoinData(string Owner, string Value, string TokenType, string IntentHash, int OutputIndex)
{
    public Coin ToCoin() => new(IndexerText.Hex(IntentHash), OutputIndex, IndexerText.Amount(Value), IndexerText.Hex(TokenType));
}

internal sealed record TransactionResultData(string Status);

/// <summary>A transaction. Only a regular one has identifiers, a fee and a result; the others (system, bridge claim) are applied by the chain itself.</summary>
internal sealed record TransactionData(
    long Id, string Hash, BlockData Block, IReadOnlyList<CoinData> UnshieldedCreatedOutputs, IReadOnlyList<CoinData> UnshieldedSpentOutputs,
    IReadOnlyList<string>? Identifiers = null, string? Fee = null, TransactionResultData? TransactionResult = null)
{
    public ChainTransaction ToTransaction() => new(
        Id,
        IndexerText.Hex(Hash),
        [.. (Identifiers ?? []).Select(IndexerText.Hex)],
        TransactionResult is null ? ChainResult.Success : IndexerText.Result(TransactionResult.Status),
        Block.Height,
        IndexerText.Hex(Block.Hash),
        Block.Time,
        Fee is null ? Amount.Zero : IndexerText.Amount(Fee),
        [.. UnshieldedSpentOutputs.Select(coin => new OwnedCoin(coin.Owner, coin.ToCoin()))],
        [.. UnshieldedCreatedOutputs.Select(coin => new OwnedCoin(coin.Owner, coin.ToCoin()))]);
}

/// <summary>One event of an address: a transaction with its coins, or how far the indexer is.</summary>
internal sealed record AddressEventData(
    TransactionData? Transaction = null, IReadOnlyList<CoinData>? CreatedUtxos = null, IReadOnlyList<CoinData>? SpentUtxos = null,
    long? HighestTransactionId = null)
{
    public AddressEvent ToEvent() =>
        Transaction is { } transaction
            ? new AddressTransaction(transaction.ToTransaction(), Coins(CreatedUtxos), Coins(SpentUtxos))
            : new AddressProgress(HighestTransactionId ?? throw new JsonException("An address event of an unknown kind."));

    private static Coin[] Coins(IReadOnlyList<CoinData>? coins) => [.. (coins ?? []).Select(coin => coin.ToCoin())];
}

/// <summary>Reads the indexer's texts.</summary>
internal static class IndexerText
{
    public static string Hex(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? digits.ToLowerInvariant() : throw new JsonException("Not hex.");
    }

    public static Amount Amount(string text) =>
        Core.Money.Amount.TryParseAtomic(text, out var amount) ? amount : throw new JsonException("Not an amount.");

    public static ChainResult Result(string status) => status switch
    {
        "SUCCESS" => ChainResult.Success,
        "PARTIAL_SUCCESS" => ChainResult.PartialSuccess,
        "FAILURE" => ChainResult.Failure,
        _ => throw new JsonException($"An unknown transaction status {status}."),
    };
}
