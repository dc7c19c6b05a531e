using MidnightOS.Core.Agents.Commands;

namespace MidnightOS.Tests.Unit.Agents;

public sealed class HostCommandTests
{
    private const string One = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Two = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAW";

    [Theory]
    [InlineData($"confirm {One}", $"confirm {One}")]
    [InlineData($"Confirm {One}.", $"confirm {One}")]
    [InlineData($"please confirm {One}, thanks!", $"confirm {One}")]
    [InlineData($"`confirm {One}`", $"confirm {One}")]
    [InlineData("confirm txn_01arz3ndektsv4rrffq69g5fav", $"confirm {One}")]
    [InlineData($"cancel {One}", $"cancel {One}")]
    [InlineData($"confirm {One} and cancel {Two}", $"confirm {One}; cancel {Two}")]
    [InlineData("confirm txn_123", "confirm txn_123")]
    [InlineData("confirm", "")]
    [InlineData($"{One}", "")]
    [InlineData($"do not confirm {One}", "")]
    [InlineData($"don't confirm {One}", "")]
    [InlineData($"confirm {One} if the price rises", "")]
    [InlineData($"what does \"confirm {One}\" do?", "")]
    [InlineData($"should I confirm {One}?", "")]
    [InlineData($"confirm {One} and show my balance", "")]
    [InlineData($"> confirm {One}", "")]
    [InlineData($"confirm cancel {One}", "")]
    public void Parse_Message_FindsCommandsOnlyWhenNothingElseIsSaid(string message, string expected) =>
        Assert.Equal(expected, string.Join("; ", HostCommand.Parse(message).Select(static command => $"{command.Name} {command.TransactionId}")));
}
