using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain.Rpc;
using Xunit;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

public sealed class SubmissionAnswersTests
{
    [Theory]
    [InlineData(1013, "\"already imported\"", SubmissionOutcome.AlreadyKnown)]
    [InlineData(1012, "null", SubmissionOutcome.Busy)]
    [InlineData(1014, "null", SubmissionOutcome.Busy)]
    [InlineData(1016, "null", SubmissionOutcome.Busy)]
    [InlineData(1011, "null", SubmissionOutcome.Busy)]
    [InlineData(-32603, "null", SubmissionOutcome.Busy)]
    [InlineData(1010, "\"Custom error: 244\"", SubmissionOutcome.AlreadyKnown)]
    [InlineData(1010, "\"IntentAlreadyExists\"", SubmissionOutcome.AlreadyKnown)]
    [InlineData(1010, "\"Transaction is outdated\"", SubmissionOutcome.AlreadyKnown)]
    [InlineData(1010, "\"Custom error: 195\"", SubmissionOutcome.Refused)]
    [InlineData(1010, "{\"why\":\"bad\"}", SubmissionOutcome.Refused)]
    [InlineData(1001, "null", SubmissionOutcome.Refused)]
    [InlineData(-32601, "null", SubmissionOutcome.Refused)]
    [InlineData(4711, "null", SubmissionOutcome.Refused)]
    public void Of_NodeError_GivesOutcome(int code, string data, SubmissionOutcome outcome) =>
        Assert.Equal(outcome, SubmissionAnswers.Of(Error(code, data)).Outcome);

    [Fact]
    public void Of_SpentCoin_NamesTheReason() =>
        Assert.Equal(
            "Invalid Transaction: Custom error: 195 (a coin that it spends does not exist or is spent)",
            SubmissionAnswers.Of(Error(1010, "\"Custom error: 195\"")).Reason);

    [Fact]
    public void Of_EndlessReason_IsCut() =>
        Assert.Equal(500, SubmissionAnswers.Of(Error(1010, $"\"{new string('x', 9000)}\"")).Reason!.Length);

    private static JsonRpcError Error(int code, string data) => new(code, "Invalid Transaction", JsonDocument.Parse(data).RootElement);
}
