namespace MidnightOS.Core.Chat;

/// <summary>How turns of a conversation follow each other, section <c>Chat</c>.</summary>
public sealed class ConversationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Chat";

    /// <summary>How long a message waits for the turns before it.</summary>
    public TimeSpan WaitForTurn { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a turn's lease holds unless it is renewed: the longest that a dead host blocks a conversation.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often another host's turn is looked at while waiting for it.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        WaitForTurn < TimeSpan.Zero || WaitForTurn > TimeSpan.FromMinutes(1) ? $"{Section}:WaitForTurn lies between 0 and 1 minute."
        : Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromMinutes(5) ? $"{Section}:Lease lies between 1 second and 5 minutes."
        : Poll < TimeSpan.FromMilliseconds(1) || Poll > TimeSpan.FromSeconds(5) ? $"{Section}:Poll lies between 1 millisecond and 5 seconds."
        : null;
}
