namespace MidnightOS.Core.Agents.Scripted;

/// <summary>Every sentence that the scripted model can say. None holds an amount, an id or a state: those are on the host's receipts.</summary>
internal static class ScriptedLines
{
    public const string AskAmount = "How much should I send, and of which token?";
    public const string AskExactAmount = "Please write the exact amount as a plain number without separators, together with its token.";
    public const string AskToken = "Of which token? I can move NIGHT.";
    public const string AskAddress = "To which address should I send it? I need the recipient's whole Midnight address.";
    public const string AskEachAmount = "Please tell me the amount for each address.";
    public const string NoConditions = "I cannot tie a payment to a condition or a later time. Tell me when you want it.";
    public const string CommandAlone = "Please write confirm or cancel with the id as a message of its own.";
    public const string Dropped = "All right, I leave it.";
    public const string Welcome = "You are welcome.";
    public const string Goodbye = "Goodbye.";
    public const string Well = "I am well, and at your service.";
    public const string NotUnderstood = "I do not understand that. Ask me for help to see what I can do.";
    public const string PartNotUnderstood = "I do not understand every part of your message.";
    public const string NotSetUp = "I am not set up for that.";

    public static string Hello(string name) => $"Hello, I am {name}.";

    public static string Name(string name) => $"I am {name}. Ask me for help to see what I can do.";
}
