using System.Reflection;
using MidnightOS.Core.Agents.Scripted;

namespace MidnightOS.Tests.Unit.Agents.Scripted;

public sealed class PlainEnglishTests
{
    private const string A = "mn_addr_undeployed1aaaaaaaaaaaaaaaaaaaa";
    private const string B = "mn_addr_undeployed1ccccccccccccccccccc";
    private const string Txn = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Dictionary<string, string> LineNames = typeof(ScriptedLines)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Where(static field => field.IsLiteral)
        .ToDictionary(static field => (string)field.GetRawConstantValue()!, static field => field.Name, StringComparer.Ordinal);

    [Theory]
    // Balance
    [InlineData("balance", "balance")]
    [InlineData("What's my balance?", "balance")]
    [InlineData("whats my balance", "balance")]
    [InlineData("what’s the balance", "balance")]
    [InlineData("Could you please show me the balance?", "balance")]
    [InlineData("give me the balance", "balance")]
    [InlineData("BALANCE PLEASE", "balance")]
    [InlineData("how much NIGHT do I have?", "balance")]
    [InlineData("How much money is in the wallet?", "balance")]
    [InlineData("how many tokens do you hold", "balance")]
    [InlineData("check my funds", "balance")]
    [InlineData("balance, balance, and balance", "balance")]
    // Address
    [InlineData("what is your address?", "address")]
    [InlineData("What's your wallet address", "address")]
    [InlineData("send me your address", "address")]
    [InlineData("where can I send you NIGHT?", "address")]
    [InlineData("I want to deposit", "address")]
    [InlineData("how much do I have and what's the address", "balance; address")]
    // History
    [InlineData("history", "history(limit=5)")]
    [InlineData("show my last 5 transactions", "history(limit=5)")]
    [InlineData("show the last three payments", "history(limit=3)")]
    [InlineData("last 100 transactions", "history(limit=20)")]
    [InlineData("recent activity please", "history(limit=5)")]
    [InlineData("what did you spend?", "history(limit=5)")]
    [InlineData("did it go through?", "history(limit=1)")]
    [InlineData("have you sent it?", "history(limit=1)")]
    [InlineData("what's the status of my last payment", "history(limit=1)")]
    [InlineData("did I receive anything?", "history(limit=5)")]
    // Status
    [InlineData("status of {T}", "status(id={T})")]
    [InlineData("what about {T}?", "status(id={T})")]
    [InlineData("is {T} confirmed?", "status(id={T})")]
    [InlineData("{T}", "status(id={T})")]
    // Help and talk
    [InlineData("help", "help")]
    [InlineData("What can you do?", "help")]
    [InlineData("how do I send money", "help")]
    [InlineData("hi", "Hello")]
    [InlineData("Hello there!", "Hello")]
    [InlineData("good morning", "Hello")]
    [InlineData("thanks", "Welcome")]
    [InlineData("Thank you very much!", "Welcome")]
    [InlineData("bye", "Goodbye")]
    [InlineData("how are you?", "Well")]
    [InlineData("Who are you?", "Name")]
    [InlineData("hi, what's my balance?", "Hello; balance")]
    [InlineData("thanks! now show the history", "Welcome; history(limit=5)")]
    [InlineData("fnord", "NotUnderstood")]
    [InlineData("tell me about the weather", "NotUnderstood")]
    [InlineData("???", "NotUnderstood")]
    [InlineData("balance and a pony", "balance; PartNotUnderstood")]
    // Sends
    [InlineData("send 5 NIGHT to {A}", "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData("Send 5 night to {A}.", "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData("please send 0.25 NIGHT to {A}", "send(to={A}, amount=0.25, token=NIGHT)")]
    [InlineData("Could you please transfer 5NIGHT to {A}?", "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData("pay {A} 7 NIGHT", "send(to={A}, amount=7, token=NIGHT)")]
    [InlineData("give 7 NIGHT to {A}", "send(to={A}, amount=7, token=NIGHT)")]
    [InlineData("I'd like to send 1.5 NIGHT to the address {A} please", "send(to={A}, amount=1.5, token=NIGHT)")]
    [InlineData("send 5 NIGHT to {A} for lunch", "send(to={A}, amount=5, token=NIGHT, note=lunch)")]
    [InlineData("send 5 NIGHT to {A} for bread and butter", "send(to={A}, amount=5, token=NIGHT, note=bread, butter)")]
    [InlineData("send 5 NIGHT, please, to {A}", "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData("send 5 DUST to {A}", "send(to={A}, amount=5, token=DUST)")]
    [InlineData("send 5 NIGHT to mn_addr_nonsense", "send(to=mn_addr_nonsense, amount=5, token=NIGHT)")]
    [InlineData("5 NIGHT to {A}", "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData("send 5 NIGHT to {A} and 7 NIGHT to {B}", "send(to={A}, amount=5, token=NIGHT); send(to={B}, amount=7, token=NIGHT)")]
    [InlineData("send 5 NIGHT to {A}, then send 5 NIGHT to {A}", "send(to={A}, amount=5, token=NIGHT); send(to={A}, amount=5, token=NIGHT)")]
    [InlineData("what's my balance, then send 2 NIGHT to {A}", "balance; send(to={A}, amount=2, token=NIGHT)")]
    [InlineData("send 2 NIGHT to {A} and show me the balance", "send(to={A}, amount=2, token=NIGHT); balance")]
    [InlineData("Hi! What's my balance? Then send 2 NIGHT to {A}. Thanks!", "Hello; Welcome; balance; send(to={A}, amount=2, token=NIGHT)")]
    [InlineData("send 2 NIGHT to {A}\nhistory", "send(to={A}, amount=2, token=NIGHT); history(limit=5)")]
    // Something is missing or vague
    [InlineData("send", "AskAmount")]
    [InlineData("make a payment", "AskAmount")]
    [InlineData("send NIGHT to {A}", "AskAmount")]
    [InlineData("send 5 NIGHT", "AskAddress")]
    [InlineData("send 5 to {A}", "AskToken")]
    [InlineData("send 5", "AskToken")]
    [InlineData("send half of my balance to {A}", "AskExactAmount")]
    [InlineData("send everything to {A}", "AskExactAmount")]
    [InlineData("send 1,000 NIGHT to {A}", "AskExactAmount")]
    [InlineData("send 1,5 NIGHT to {A}", "AskExactAmount")]
    [InlineData("send 5k NIGHT to {A}", "AskExactAmount")]
    [InlineData("send five NIGHT to {A}", "AskExactAmount")]
    [InlineData("send 5 or 6 NIGHT to {A}", "AskExactAmount")]
    [InlineData("send -5 NIGHT to {A}", "AskExactAmount")]
    [InlineData("send $5 to {A}", "AskExactAmount")]
    [InlineData("send 5 NIGHT to {A} and {B}", "AskEachAmount")]
    [InlineData("send 5 NIGHT, then what's my balance", "balance; AskAddress")]
    [InlineData("if the price rises, send 5 NIGHT to {A}", "NoConditions")]
    [InlineData("send 5 NIGHT to {A} tomorrow", "NoConditions")]
    [InlineData("send 5 NIGHT to {A} every week", "NoConditions")]
    // What is not to be done, or is the host's
    [InlineData("don't send 5 NIGHT to {A}", "Dropped")]
    [InlineData("send 5 NIGHT to {A}. No wait!", "Dropped")]
    [InlineData("never mind", "Dropped")]
    [InlineData("confirm {T} and show my balance", "balance; CommandAlone")]
    [InlineData("confirm", "history(limit=5); CommandAlone")]
    public void Plan_Utterance_GivesItsCallsAndLines(string message, string expected)
    {
        var plan = PlainEnglish.Plan("Ada", Fill(message), pending: null);

        Assert.Equal(Fill(expected), Show(plan));
    }

    [Theory]
    [InlineData(new[] { "send 5 NIGHT", "{A}" }, "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData(new[] { "send 5 NIGHT", "the address is {A}" }, "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData(new[] { "send 5 NIGHT", "send it to {A}" }, "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData(new[] { "send 5 NIGHT", "{A}, then show my balance" }, "send(to={A}, amount=5, token=NIGHT); balance")]
    [InlineData(new[] { "send", "5 NIGHT", "to {A} please" }, "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData(new[] { "send NIGHT to {A}", "5" }, "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData(new[] { "send 5 to {A}", "NIGHT" }, "send(to={A}, amount=5, token=NIGHT)")]
    [InlineData(new[] { "send 5k NIGHT to {A}", "5000 NIGHT" }, "send(to={A}, amount=5000, token=NIGHT)")]
    [InlineData(new[] { "send half of it to {A}", "a quarter" }, "AskExactAmount")]
    [InlineData(new[] { "send 5 NIGHT", "never mind" }, "Dropped")]
    [InlineData(new[] { "send 5 NIGHT", "cancel" }, "Dropped")]
    [InlineData(new[] { "send 5 NIGHT", "what's my balance" }, "balance")]
    [InlineData(new[] { "send 5 NIGHT", "what's my balance", "{A}" }, "NotUnderstood")]
    [InlineData(new[] { "send 5 NIGHT", "send 7 NIGHT to {B}" }, "send(to={B}, amount=7, token=NIGHT)")]
    public void Plan_AfterAQuestion_CompletesThePaymentOrDropsIt(string[] messages, string expected)
    {
        var plan = new ScriptedPlan([], [], [], null);
        foreach (var message in messages)
        {
            plan = PlainEnglish.Plan("Ada", Fill(message), plan.Pending);
        }

        Assert.Equal(Fill(expected), Show(plan));
    }

    private static string Fill(string text) => text
        .Replace("{A}", A, StringComparison.Ordinal).Replace("{B}", B, StringComparison.Ordinal).Replace("{T}", Txn, StringComparison.Ordinal);

    private static string Show(ScriptedPlan plan) =>
        string.Join("; ", [.. plan.Openings.Select(Name), .. plan.Calls.Select(static call => call.ToString()), .. plan.Closings.Select(Name)]);

    private static string Name(string line) => LineNames.TryGetValue(line, out var name) ? name
        : line == ScriptedLines.Hello("Ada") ? "Hello" : line == ScriptedLines.Name("Ada") ? "Name" : line;
}
