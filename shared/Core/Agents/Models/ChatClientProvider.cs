using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents.Scripted;

namespace MidnightOS.Core.Agents.Models;

/// <summary>Chooses the client by the settings and the bot's model: a bot of the model <c>scripted</c> stays offline under every provider.</summary>
internal sealed class ChatClientProvider(IOptions<ModelOptions> options, IRemoteModels remote) : IChatClientProvider, IDisposable
{
    private readonly ConcurrentDictionary<string, IChatClient> _remote = new(StringComparer.Ordinal);

    public IChatClient For(AgentBot bot)
    {
        var settings = options.Value;
        if (settings.Provider == ModelOptions.Scripted || string.Equals(bot.Model, ModelOptions.Scripted, StringComparison.OrdinalIgnoreCase))
        {
            return new ScriptedChatClient(bot.Name);
        }

        return _remote.GetOrAdd(bot.Model ?? settings.Name!, remote.Create);
    }

    public void Dispose()
    {
        foreach (var client in _remote.Values)
        {
            client.Dispose();
        }
    }
}

/// <summary>Makes clients of the configured endpoint.</summary>
internal interface IRemoteModels
{
    /// <summary>A client for a model by its name at the endpoint.</summary>
    IChatClient Create(string model);
}
