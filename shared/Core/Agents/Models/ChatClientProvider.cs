using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents.Scripted;

namespace MidnightOS.Core.Agents.Models;

/// <summary>Chooses the client by the settings and the bot's model: a bot of the model <c>scripted</c> stays offline under every provider.</summary>
internal sealed class ChatClientProvider(IOptions<ModelOptions> options, IRemoteModels remote) : IChatClientProvider
{
    public IChatClient For(AgentBot bot)
    {
        var settings = options.Value;
        return settings.Provider == ModelOptions.Scripted || string.Equals(bot.Model, ModelOptions.Scripted, StringComparison.OrdinalIgnoreCase)
            ? new ScriptedChatClient(bot.Name)
            : remote.Create(bot.Model ?? settings.Name!);
    }
}

/// <summary>Makes clients of the configured endpoint; they are cheap and share their connections.</summary>
internal interface IRemoteModels
{
    /// <summary>Whether clients of a provider (<see cref="ModelOptions.Provider"/>) can be made.</summary>
    bool Speaks(string provider);

    /// <summary>A client for a model by its name at the endpoint.</summary>
    IChatClient Create(string model);
}
