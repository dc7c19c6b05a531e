using Microsoft.Extensions.AI;
using MidnightOS.Core.Agents.Commands;

namespace MidnightOS.Core.Agents;

/// <summary>Answers one message of a user: typed commands by the host itself, everything else through the agent.</summary>
internal sealed class AnswerMessage(AgentLoop loop, IBotWallet wallet)
{
    /// <summary>Runs the turn. The text events in order are the answer.</summary>
    public IAsyncEnumerable<AgentEvent> RunAsync(
        AgentBot bot, AgentScope scope, UserMessage message, IReadOnlyList<ChatMessage> history, CancellationToken cancellationToken)
    {
        var turn = new AgentTurn(bot, scope, message, wallet);
        var commands = HostCommand.Parse(message.Text);
        return commands.Count > 0 ? RunCommands.RunAsync(turn, commands, cancellationToken) : loop.RunAsync(turn, history, cancellationToken);
    }
}
