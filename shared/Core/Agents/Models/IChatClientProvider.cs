using Microsoft.Extensions.AI;

namespace MidnightOS.Core.Agents.Models;

/// <summary>The port to language models.</summary>
public interface IChatClientProvider
{
    /// <summary>The client for a bot, by its <see cref="AgentBot.Model"/> and the platform's settings. It holds nothing that must be disposed.</summary>
    IChatClient For(AgentBot bot);
}
