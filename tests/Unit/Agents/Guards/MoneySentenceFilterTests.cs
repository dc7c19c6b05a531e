using System.Text.Json;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Agents.Guards;
using MidnightOS.Core.Agents.Scripted;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using static MidnightOS.Tests.Unit.Agents.Records;

namespace MidnightOS.Tests.Unit.Agents.Guards;

public sealed class MoneySentenceFilterTests
{
    [Theory]
    [InlineData("I have sent 5 NIGHT.")]
    [InlineData("Sent!")]
    [InlineData("Done.")]
    [InlineData("All set, your payment went through.")]
    [InlineData("Your balance is 500 NIGHT.")]
    [InlineData("You have 500 in there.")]
    [InlineData("You have five hundred NIGHT.")]
    [InlineData("Your balance is five hundred.")]
    [InlineData("You own 5k tokens.")]
    [InlineData("Your wallet is empty.")]
    [InlineData("You do not have enough, funds are insufficient.")]
    [InlineData("The hash is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.")]
    [InlineData("See 9f86d081884c.")]
    [InlineData("It is txn_01ARZ3NDEKTSV4RRFFQ69G5FAV.")]
    [InlineData("Pay to mn_addr_undeployed1aaaaaaaaaaaaaaaaaaaa instead.")]
    [InlineData("Look at https://explorer.example/tx/1 for it.")]
    [InlineData("The transaction was confirmed in block 12.")]
    [InlineData("It is not only sent but final.")]
    [InlineData("No doubt it was sent.")]
    [InlineData("Your transfer is pending.")]
    [InlineData("I am sending it right now.")]
    [InlineData("It failed.")]
    [InlineData("It was cancelled.")]
    [InlineData("I was refunded.")]
    [InlineData("Nothing was sent.")]
    [InlineData("I **sent** it.")]
    [InlineData("I s\u200bent it.")]
    [InlineData("I \uff53\uff45\uff4e\uff54 it.")]
    [InlineData("I s\u0435nt it.")]
    [InlineData("\ud835\udc12\ud835\udc1e\ud835\udc27\ud835\udc2d.")]
    [InlineData("You have \u0665\u0660\u0660 NIGHT.")]
    [InlineData("You have \u2464 NIGHT.")]
    [InlineData("Ich habe es gesendet.")]
    [InlineData("J'ai envoyé tout.")]
    [InlineData("500.")]
    [InlineData("12. NIGHT is yours.")]
    public void Check_ClaimWithoutRecords_IsWithheld(string sentence) => Assert.Equal("", Say(sentence));

    [Theory]
    [InlineData("Hello, I am Ada.")]
    [InlineData("What would you like me to do?")]
    [InlineData("To which address should I send it?")]
    [InlineData("I can send NIGHT, and show the balance.")]
    [InlineData("Midnight is a blockchain for data protection; its main network has existed for 1 year or so.")]
    [InlineData("Ask me for help.")]
    public void Check_SentenceWithoutClaim_Passes(string sentence) => Assert.Equal(sentence, Say(sentence));

    [Fact]
    public void Check_EveryLineOfTheScriptedModel_Passes()
    {
        var lines = typeof(ScriptedLines).GetFields().Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!)
            .Append(ScriptedLines.Hello("Ada")).Append(ScriptedLines.Name("Ada"));

        Assert.All(lines, line => Assert.Equal(line, Say(line, [], $"send 5 NIGHT to {A} and tell me whether it was confirmed")));
    }

    [Theory]
    [InlineData(TransactionStatus.Confirmed, "I have sent 5 NIGHT.", true)]
    [InlineData(TransactionStatus.Confirmed, "It is confirmed in block 31.", true)]
    [InlineData(TransactionStatus.Confirmed, "It is confirmed in block 32.", false)]
    [InlineData(TransactionStatus.Confirmed, "It is not sent yet.", false)]
    [InlineData(TransactionStatus.Submitted, "I have sent 5 NIGHT to mn_addr_undeployed1aaaaaaaaaaaaaaaaaaaa.", true)]
    [InlineData(TransactionStatus.Submitted, "I have sent 5 NIGHT to mn_addr_undeployed1ccccccccccccccccccc.", false)]
    [InlineData(TransactionStatus.Submitted, "I have sent 50 NIGHT.", false)]
    [InlineData(TransactionStatus.Submitted, "I have sent 0.5 NIGHT.", false)]
    [InlineData(TransactionStatus.Submitted, "Done.", false)]
    [InlineData(TransactionStatus.Submitted, "It has not been confirmed yet.", true)]
    [InlineData(TransactionStatus.Requested, "Your transfer of 5 NIGHT is pending.", true)]
    [InlineData(TransactionStatus.Requested, "I have sent 5 NIGHT.", false)]
    [InlineData(TransactionStatus.AwaitingConfirmation, "It waits for your confirmation.", true)]
    [InlineData(TransactionStatus.AwaitingConfirmation, "Sent!", false)]
    [InlineData(TransactionStatus.AwaitingConfirmation, "It was not sent.", true)]
    [InlineData(TransactionStatus.AwaitingConfirmation, "It is on its way.", false)]
    [InlineData(TransactionStatus.Failed, "It failed.", true)]
    [InlineData(TransactionStatus.Cancelled, "It was cancelled.", true)]
    [InlineData(TransactionStatus.Expired, "It has expired.", true)]
    [InlineData(TransactionStatus.Confirmed, "The fee was 5 NIGHT.", false)]
    [InlineData(TransactionStatus.Confirmed, "Your balance is 5 NIGHT.", false)]
    [InlineData(TransactionStatus.Confirmed, "Your signers approved it.", false)]
    public void Check_StateClaim_AgreesWithTheRecord(TransactionStatus status, string sentence, bool passes)
    {
        var record = Transaction(status, hash: Hash, block: status is TransactionStatus.Confirmed ? 31 : null);

        Assert.Equal(passes ? sentence : "", Say(sentence, [Of(record)], "hi"));
    }

    [Fact]
    public void Check_TwoTransactions_ClaimMustFitTheOneThatIsMeant()
    {
        ToolOutcome[] outcomes = [Of(Transaction(TransactionStatus.Confirmed)), Of(Transaction(TransactionStatus.AwaitingConfirmation, OtherTxn, "7", B))];

        Assert.Equal("", Say("I have sent it.", outcomes, "hi"));
        Assert.Equal("", Say("7 NIGHT were sent.", outcomes, "hi"));
        Assert.Equal("", Say($"5 NIGHT went out to {B}.", outcomes, "hi"));
        Assert.Equal("5 NIGHT were sent.", Say("5 NIGHT were sent.", outcomes, "hi"));
    }

    [Fact]
    public void Check_BalanceOfThisTurn_MayBeRepeated()
    {
        var outcome = new ToolOutcome { Data = default, Receipt = "", Balances = Wallet().Balances };

        Assert.Equal("You have 12 NIGHT, 10.0 of it available.", Say("You have 12 NIGHT, 10.0 of it available.", [outcome], "balance?"));
        Assert.Equal("", Say("You have 13 NIGHT.", [outcome], "balance?"));
        Assert.Equal("", Say("You have 1,200 NIGHT.", [outcome], "balance?"));
    }

    [Fact]
    public void Check_PaymentOfThePast_IsNoProofOfANewOne()
    {
        var listed = Of(Transaction(TransactionStatus.Confirmed, hash: Hash)) with { Listed = true, Spends = false };

        Assert.Equal("", Say("I have sent 5 NIGHT.", [listed], "send 5 NIGHT"));
        Assert.Equal($"{Txn} is confirmed.", Say($"{Txn} is confirmed.", [listed], "history"));
    }

    [Fact]
    public void Check_NoteOfATransaction_IsNoFact()
    {
        var outcome = Of(Transaction(TransactionStatus.Confirmed, note: $"You received 1000 NIGHT, hash {Hash}"));

        Assert.Equal("", Say("You received 1000 NIGHT.", [outcome], "history"));
        Assert.Equal("", Say($"The hash is {Hash}.", [outcome], "history"));
    }

    [Fact]
    public void Check_YesToAQuestionAboutMoney_IsWithheld()
    {
        Assert.Equal("", Say("Yes, absolutely.", [], "have you sent it?"));
        Assert.Equal("Yes, absolutely.", Say("Yes, absolutely.", [], "do you like music?"));
    }

    [Fact]
    public void Check_ClaimSplitOverSentences_IsWithheld()
    {
        Assert.Equal("What you have:\n", Say("What you have:\n500 and that is all of it.", [], "hello"));
        Assert.Equal("Here it comes.\n", Say("Here it comes.\n500.", [], "hello"));
    }

    [Fact]
    public void Check_RefusedSpend_MayBeTold()
    {
        var refused = ToolOutcome.Failed("send", new Error(ErrorCodes.InsufficientFunds, "Not enough."), spends: true);

        Assert.Equal("Nothing was sent.", Say("Nothing was sent.", [refused], "send it"));
        Assert.Equal("Your funds are insufficient.", Say("Your funds are insufficient.", [refused], "send it"));
        Assert.Equal("", Say("I sent it anyway.", [refused], "send it"));
    }

    [Fact]
    public void Push_AnyCutOfTheStream_GivesTheSameText()
    {
        const string text = "Hello there. I have sent 500 NIGHT to you! Version 0.25 of this is nice… \"Really?\" Yes.\n1. First, ask me.\n2. Then wait. Bye";
        var whole = Say(text, [], "hello");
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var filter = new MoneySentenceFilter(new TurnFacts(), "hello");
            var shown = "";
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(random.Next(1, 12), text.Length - at);
                shown += filter.Push(text.Substring(at, length));
                at += length;
            }

            Assert.Equal(whole, shown + filter.Flush());
        }

        Assert.Contains("Hello there.", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("500", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void Push_UnfinishedSentence_IsHeldBack()
    {
        var filter = new MoneySentenceFilter(new TurnFacts(), "hello");

        Assert.Equal("", filter.Push("I think that "));
        Assert.Equal("", filter.Push("this is fine."));
        Assert.Equal("I think that this is fine. ", filter.Push(" And"));
    }

    private static string Say(string text) => Say(text, [], "hello");

    private static string Say(string text, ToolOutcome[] outcomes, string userMessage)
    {
        var facts = new TurnFacts();
        foreach (var outcome in outcomes)
        {
            facts.Add(outcome);
        }

        var filter = new MoneySentenceFilter(facts, userMessage);
        return filter.Push(text) + filter.Flush();
    }

    private static ToolOutcome Of(TransactionView transaction) =>
        new() { Data = default(JsonElement), Receipt = "", Transactions = [transaction], Spends = true };
}
