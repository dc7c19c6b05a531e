namespace MidnightOS.Core.Bots;

/// <summary>The states of a bot.</summary>
public enum BotStatus
{
    /// <summary>Its creation is under way.</summary>
    Provisioning,

    /// <summary>Chats and spends.</summary>
    Running,

    /// <summary>Neither chats nor spends.</summary>
    Stopped,

    /// <summary>Answers questions, spends nothing.</summary>
    Paused,

    /// <summary>Its creation failed.</summary>
    Failed,

    /// <summary>Its deletion is under way.</summary>
    Deleting,
}

/// <summary>What can happen to a bot.</summary>
public enum BotAction
{
    /// <summary>The creation flow has made everything.</summary>
    Activate,

    /// <summary>The creation flow gave up.</summary>
    Fail,

    /// <summary>The owner starts it.</summary>
    Start,

    /// <summary>The owner stops it.</summary>
    Stop,

    /// <summary>The owner pauses it.</summary>
    Pause,

    /// <summary>The owner resumes it.</summary>
    Resume,

    /// <summary>The owner deletes it.</summary>
    Delete,

    /// <summary>The deletion flow could not empty the wallet and gives the bot back.</summary>
    AbandonDelete,
}

/// <summary>The bot's state machine: state × action → state. What is not in the table is <c>INVALID_STATE</c>.</summary>
public static class BotTransitions
{
    private static readonly Dictionary<(BotStatus, BotAction), BotStatus> Table = new()
    {
        [(BotStatus.Provisioning, BotAction.Activate)] = BotStatus.Running,
        [(BotStatus.Provisioning, BotAction.Fail)] = BotStatus.Failed,
        [(BotStatus.Running, BotAction.Stop)] = BotStatus.Stopped,
        [(BotStatus.Running, BotAction.Pause)] = BotStatus.Paused,
        [(BotStatus.Running, BotAction.Delete)] = BotStatus.Deleting,
        [(BotStatus.Paused, BotAction.Resume)] = BotStatus.Running,
        [(BotStatus.Paused, BotAction.Stop)] = BotStatus.Stopped,
        [(BotStatus.Paused, BotAction.Delete)] = BotStatus.Deleting,
        [(BotStatus.Stopped, BotAction.Start)] = BotStatus.Running,
        [(BotStatus.Stopped, BotAction.Delete)] = BotStatus.Deleting,
        [(BotStatus.Failed, BotAction.Delete)] = BotStatus.Deleting,
        [(BotStatus.Deleting, BotAction.AbandonDelete)] = BotStatus.Stopped,
    };

    /// <summary>The state after an action; null when the state does not allow it.</summary>
    public static BotStatus? Next(BotStatus status, BotAction action) => Table.TryGetValue((status, action), out var next) ? next : null;
}
