using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Agents.Models;
using MidnightOS.Core.Agents.Models.OpenAi;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Chat;

/// <summary>The composition of chats and agents.</summary>
internal static class ChatServices
{
    /// <summary>Adds the use cases of chats and agents, and the model that the section <c>Model</c> names.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.AddValidatedOptions<ConversationOptions>(ConversationOptions.Section, static options => options.Problem());
        services.AddSingleton<TurnLocks>();
        services.AddSingleton<ChatJournal>();
        services.AddSingleton<CloseOpenTurn>();
        services.AddSingleton<RunTurn>();
        services.AddSingleton<ReadConversations>();
        services.AddSingleton(static provider => new SendMessage(
            provider.GetRequiredService<IBotReader>(), provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<IIdGenerator>(),
            provider.GetRequiredService<TurnLocks>(), provider.GetRequiredService<RunTurn>()));
        return services.AddAgents();
    }

    private static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddValidatedOptions<AgentOptions>(AgentOptions.Section, static options => options.Problem());
        services.AddValidatedOptions<ModelOptions>(ModelOptions.Section, static options => options.Problem());

        // The models read these options too: they are asked for when the options are read, not when they are made.
        services.AddOptions<ModelOptions>().Validate<IServiceProvider>(
            static (options, provider) => options.Provider == ModelOptions.Scripted || provider.GetRequiredService<IRemoteModels>().Speaks(options.Provider),
            $"{ModelOptions.Section}:Provider is one of the azure edition; this one has {ModelOptions.Scripted} and {ModelOptions.OpenAi}.");
        services.TryAddSingleton<IChatClientProvider, ChatClientProvider>();
        services.TryAddSingleton<IRemoteModels, OpenAiModels>();
        services.TryAddSingleton<IBotReader, StoredBotReader>();
        services.TryAddSingleton<BotWallet>();
        services.TryAddSingleton<IBotWallet>(static provider => new CountedWallet(provider.GetRequiredService<BotWallet>(), provider.GetRequiredService<ISpendRate>()));
        services.AddSingleton<AgentTools>();
        services.AddSingleton<AgentLoop>();
        services.AddSingleton<AnswerMessage>();
        services.AddSingleton<RecoverTurn>();
        return services;
    }
}
