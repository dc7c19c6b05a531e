using MidnightOS.Core.Agents.Tools.Address;
using MidnightOS.Core.Agents.Tools.Balance;
using MidnightOS.Core.Agents.Tools.Help;
using MidnightOS.Core.Agents.Tools.History;
using MidnightOS.Core.Agents.Tools.Send;
using MidnightOS.Core.Agents.Tools.Status;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Agents;

/// <summary>The tools that a bot's configuration gives its agent.</summary>
internal sealed class AgentTools(IIdGenerator ids)
{
    /// <summary>The tools, bound to one turn.</summary>
    public IReadOnlyList<BotTool> For(AgentTurn turn)
    {
        var features = turn.Bot.Features;
        BotTool[] all =
        [
            new BalanceTool(turn), new AddressTool(turn), new SendTool(turn, ids), new HistoryTool(turn), new StatusTool(turn),
        ];
        return [.. all.Where(tool => features.Contains(tool.Name, StringComparer.Ordinal)), new HelpTool(turn, features)];
    }
}
