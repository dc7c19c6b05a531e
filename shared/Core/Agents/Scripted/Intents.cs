using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Agents.Scripted;

/// <summary>What a segment of a message is about.</summary>
internal enum Intent
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>A hello.</summary>
    Greeting,

    /// <summary>A thank you.</summary>
    Thanks,

    /// <summary>A goodbye.</summary>
    Goodbye,

    /// <summary>How the bot is.</summary>
    WellBeing,

    /// <summary>Who the bot is.</summary>
    Name,

    /// <summary>What the bot can do.</summary>
    Help,

    /// <summary>The wallet's balance.</summary>
    Balance,

    /// <summary>The wallet's address.</summary>
    Address,

    /// <summary>Past transactions.</summary>
    History,

    /// <summary>What became of the last transaction.</summary>
    LastTransaction,

    /// <summary>One transaction by its id.</summary>
    Status,

    /// <summary>A payment.</summary>
    Send,

    /// <summary>A payment that shall not be.</summary>
    DoNot,

    /// <summary>A command of the host in the middle of something else.</summary>
    Command,

    /// <summary>A command of the host without an id.</summary>
    BareCommand,

    /// <summary>Only politeness or filling; nothing to say to it.</summary>
    Filler,
}

/// <summary>Tells what a segment is about.</summary>
internal static class Intents
{
    private static readonly HashSet<string> Fillers = new(
        ["please", "pls", "ok", "okay", "so", "well", "now", "first", "next", "finally", "kindly", "great", "good", "fine", "sure", "cool", "nice",
            "bot", "hmm", "after", "that", "just", "right", "away", "yes", "yeah", "today", "again", "once", "more", "too", "oh", "can", "you", "could",
            "asap", "immediately", "everyone", "there", "you're", "are", "awesome", "perfect"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The intent.</summary>
    public static Intent Of(Segment s) => Negation(s) ?? Ids(s) ?? Question(s) ?? Money(s) ?? Talk(s)
        ?? (s.Words.All(Fillers.Contains) ? Intent.Filler : Intent.Unknown);

    private static Intent? Negation(Segment s) =>
        s.Has("never mind", "nevermind", "forget it", "forget that", "leave it", "no thanks", "not now", "no wait")
        || (s.Words.Count <= 2 && s.Has("no", "nope", "stop", "abort", "wait"))
        || (s.Has("don't", "dont", "do not", "never", "not") && (s.Words.Count <= 3 || s.Has("send", "transfer", "pay", "give", "move")))
            ? Intent.DoNot
            : null;

    private static Intent? Ids(Segment s)
    {
        var named = s.Words.Any(static word => word.StartsWith(IdPrefix.Transaction, StringComparison.OrdinalIgnoreCase));
        return named ? s.Has("confirm", "cancel", "approve") ? Intent.Command : Intent.Status
            : s.Has("confirm", "cancel", "approve") ? Intent.BareCommand
            : null;
    }

    private static Intent? Question(Segment s) =>
        s.Has("help", "commands", "capabilities", "features", "instructions", "what can you do", "what do you do", "what are you able", "how does this work",
            "how do i", "how can i pay", "how can i send", "how to", "what can i", "what does", "what happens", "teach me", "explain", "usage", "menu", "options")
            ? Intent.Help
        : s.Has("sent", "did you send", "did you pay", "went through", "go through", "gone through", "arrived", "arrive", "confirmed", "last transaction",
            "last payment", "last transfer", "latest transaction", "latest payment", "latest transfer", "my transaction", "the transaction", "status")
            ? s.Has("transactions", "payments", "transfers", "everything", "all") ? Intent.History : Intent.LastTransaction
        : s.Has("history", "transactions", "payments", "transfers", "recent activity", "activity", "activities", "ledger", "statement", "transaction log",
            "spending", "did you spend", "what have you spent", "what did you pay", "who did you pay", "did i pay", "did i spend", "received", "did i receive",
            "incoming")
            ? Intent.History
        : null;

    private static Intent? Money(Segment s)
    {
        if (s.Has("where can i send", "where should i send", "where do i send", "where to send", "send you", "pay you", "fund you", "top you up", "top up",
            "tip you", "deposit", "receive", "qr code"))
        {
            return Intent.Address;
        }

        var parts = MoneyParts.Read(s);
        var concrete = parts.Amounts.Count + parts.Addresses.Count > 0;
        if (s.Has("address", "addresses"))
        {
            return s.Has("send", "transfer", "pay", "give", "move") && (concrete || s.Has("to")) ? Intent.Send : Intent.Address;
        }

        return !concrete && s.Has("balance", "balances") ? (s.Has("send", "transfer", "pay") ? Intent.Send : Intent.Balance)
            : s.Has("send", "transfer", "pay", "donate", "payment", "payout", "sending", "remit") ? Intent.Send
            : parts.Any && s.Has("give", "move", "wire", "tip") ? Intent.Send
            : IsBalance(s) ? Intent.Balance
            : null;
    }

    private static bool IsBalance(Segment s) =>
        s.Has("balance", "balances", "funds", "holdings", "how much", "how many night", "how many tokens", "how rich", "what do you have", "what do i have",
            "what do we have", "what's in", "what is in", "whats in", "wallet", "money", "what do you hold", "what do you own", "do you have any night");

    private static Intent? Talk(Segment s) =>
        s.Has("who are you", "your name", "who am i talking to", "what are you", "who is this") ? Intent.Name
        : s.Has("how are you", "how's it going", "how is it going", "how do you do", "what's up", "whats up") ? Intent.WellBeing
        : s.Has("thanks", "thank you", "thx", "cheers", "ty", "much appreciated", "thank") ? Intent.Thanks
        : s.Has("bye", "goodbye", "see you", "good night", "ciao", "farewell") ? Intent.Goodbye
        : s.Has("hi", "hello", "hey", "good morning", "good afternoon", "good evening", "greetings", "howdy", "yo", "hiya", "gm") ? Intent.Greeting
        : null;
}
