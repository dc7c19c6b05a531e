using MidnightOS.Core.Agents.Guards;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Agents;

/// <summary>One user message on its way to an answer: who asks, what it licenses, what was found out. Lives as long as the turn.</summary>
internal sealed class AgentTurn(AgentBot bot, AgentScope scope, UserMessage message, IBotWallet wallet)
{
    /// <summary>The bot.</summary>
    public AgentBot Bot => bot;

    /// <summary>In whose name the tools act.</summary>
    public AgentScope Scope => scope;

    /// <summary>The message that is answered.</summary>
    public UserMessage Message => message;

    /// <summary>The wallet.</summary>
    public IBotWallet Wallet => wallet;

    /// <summary>What the message licenses.</summary>
    public SpendLicences Licences { get; } = SpendLicences.Of(message.Text);

    /// <summary>What the tools have found.</summary>
    public TurnFacts Facts { get; } = new();

    /// <summary>The number of the tool call that runs, from 0.</summary>
    public int CallIndex { get; set; }
}

/// <summary>The user's message.</summary>
/// <param name="Text">What was typed.</param>
/// <param name="At">When it was stored; with the message's id it decides the ids of the transactions it makes.</param>
internal sealed record UserMessage(string Text, DateTimeOffset At);

/// <summary>The ids of the transactions that a message makes.</summary>
internal static class SpendId
{
    /// <summary>The id for one tool call of a message: the same after a crash, so that the message spends once.</summary>
    public static string Of(IIdGenerator ids, AgentScope scope, DateTimeOffset at, int callIndex) => ids.Derive(
        IdPrefix.Transaction, at, scope.Tenant.Value, scope.BotId, scope.MessageId, callIndex.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
