using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain;
using MidnightOS.Midnight.Chain.GraphQl;
using Xunit;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

public sealed class IndexerModelTests
{
    private const string Coin = """{"owner":"mn_addr_undeployed1a","value":"340282366920938463463374607431768211455","tokenType":"00","intentHash":"AB","outputIndex":2}""";

    [Fact]
    public void ToTransaction_Regular_KeepsEveryField()
    {
        var transaction = Read<TransactionData>(Regular("SUCCESS")).ToTransaction();

        Assert.Equal(7, transaction.Id);
        Assert.Equal("0a", transaction.Hash);
        Assert.Equal(["0b"], transaction.Identifiers);
        Assert.Equal(ChainResult.Success, transaction.Status);
        Assert.Equal(42, transaction.BlockHeight);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_770_787_800_123), transaction.BlockTime);
        Assert.Equal("5", transaction.Fee.ToString());
        var output = Assert.Single(transaction.Outputs);
        Assert.Equal("mn_addr_undeployed1a", output.Owner);
        Assert.Equal("ab.2", output.Coin.Id);
        Assert.Equal(UInt128.MaxValue, output.Coin.Value.Atomic);
        Assert.Empty(transaction.Inputs);
    }

    [Theory]
    [InlineData("PARTIAL_SUCCESS", ChainResult.PartialSuccess)]
    [InlineData("FAILURE", ChainResult.Failure)]
    public void ToTransaction_Status_IsMapped(string status, ChainResult result) =>
        Assert.Equal(result, Read<TransactionData>(Regular(status)).ToTransaction().Status);

    [Fact]
    public void ToTransaction_UnknownStatus_IsUnreadable() =>
        Assert.Throws<JsonException>(() => Read<TransactionData>(Regular("MAYBE")).ToTransaction());

    [Fact]
    public void ToTransaction_System_HasNoIdentifiersAndNoFee()
    {
        var json = """{"__typename":"SystemTransaction","id":1,"hash":"0a","block":{"height":0,"hash":"0c","timestamp":0},"unshieldedCreatedOutputs":[],"unshieldedSpentOutputs":[]}""";
        var transaction = Read<TransactionData>(json).ToTransaction();

        Assert.Empty(transaction.Identifiers);
        Assert.True(transaction.Fee.IsZero);
        Assert.Equal(ChainResult.Success, transaction.Status);
    }

    [Theory]
    [InlineData("""{"id":1,"hash":null,"block":{"height":0,"hash":"0c","timestamp":0},"unshieldedCreatedOutputs":[],"unshieldedSpentOutputs":[]}""")]
    [InlineData("""{"id":1,"hash":"0a","unshieldedCreatedOutputs":[],"unshieldedSpentOutputs":[]}""")]
    [InlineData("""{"id":"1","hash":"0a","block":{"height":0,"hash":"0c","timestamp":0},"unshieldedCreatedOutputs":[],"unshieldedSpentOutputs":[]}""")]
    public void Read_PromisedFieldMissing_IsUnreadable(string json) => Assert.Throws<JsonException>(() => Read<TransactionData>(json));

    [Fact]
    public void ToEvent_Progress_GivesHighestId()
    {
        var progress = Read<AddressEventData>("""{"__typename":"UnshieldedTransactionsProgress","highestTransactionId":9}""").ToEvent();
        Assert.Equal(new AddressProgress(9), progress);
    }

    [Fact]
    public void ToEvent_UnknownKind_IsUnreadable() =>
        Assert.Throws<JsonException>(() => Read<AddressEventData>("""{"__typename":"SomethingNew"}""").ToEvent());

    [Fact]
    public void ToBlock_Transactions_GivesEachAddressOnce()
    {
        var json = """
            {"height":3,"hash":"0C","timestamp":1000,"transactions":[
              {"unshieldedCreatedOutputs":[{"owner":"a"},{"owner":"b"}],"unshieldedSpentOutputs":[{"owner":"a"}]},
              {"unshieldedCreatedOutputs":[],"unshieldedSpentOutputs":[{"owner":"b"}]}]}
            """;
        var block = Read<BlockData>(json).ToBlock();

        Assert.Equal(["a", "b"], block.TouchedAddresses);
        Assert.Equal("0c", block.Hash);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), block.Time);
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, GraphQlJson.Options)!;

    private static string Regular(string status) => $$$"""
        {"__typename":"RegularTransaction","id":7,"hash":"0A","block":{"height":42,"hash":"0c","timestamp":1770787800123},
         "unshieldedCreatedOutputs":[{{{Coin}}}],"unshieldedSpentOutputs":[],
         "identifiers":["0B"],"fee":"5","transactionResult":{"status":"{{{status}}}"}}
        """;
}
