using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Agents.Models;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chat;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Agents;

namespace MidnightOS.Tests.Unit.Chat;

/// <summary>A host with real storage and everything of Core; only the wallet stands at the edge, and the model when a test gives one.</summary>
internal sealed class ChatHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ChatHost(string folder, FakeWallet wallet, IChatClientProvider? model = null, Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(settings ?? [], StringComparer.Ordinal) { ["Data:Folder"] = folder })
            .Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(clock ?? TimeProvider.System)
            .AddLogging(logging => logging.ClearProviders())
            .AddStorage(configuration)
            .AddCore()
            .Replace(ServiceDescriptor.Singleton<IBotWallet>(wallet));
        if (model is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(model));
        }

        _services = services.BuildServiceProvider();
    }

    public SendMessage Send => Get<SendMessage>();

    public ReadConversations Read => Get<ReadConversations>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Stores a bot of the tenant of <see cref="Records"/>.</summary>
    public async Task<ChatHost> WithBotAsync(BotStatus status = BotStatus.Running, string name = "Ada")
    {
        var bot = new Bot
        {
            Id = Records.BotId,
            CreatedBy = Records.User,
            Name = name,
            Type = BotType.General,
            Status = status,
            OperationId = "op_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        var written = await Get<IUnitOfWork>().CommitAsync(Records.Tenant, new Batch().Put(Bot.Key(bot.Id), bot, Precondition.None, []), CancellationToken.None);
        Assert.True(written.Committed);
        return this;
    }

    /// <summary>Says something and gives the answer.</summary>
    public async Task<ChatAnswer> SayAsync(string text, string? sessionId = null, string? messageId = null)
    {
        var result = await Send.RunAsync(Request(text, sessionId) with { MessageId = messageId }, CancellationToken.None);
        Assert.True(result.IsSuccess, result.Error?.Message);
        return result.Value;
    }

    /// <summary>All messages of a conversation.</summary>
    public async Task<List<Message>> MessagesAsync(string sessionId)
    {
        var messages = new List<Message>();
        string? continuation = null;
        do
        {
            var page = (await Read.GetAsync(Records.Tenant, Records.User, sessionId, 100, continuation, CancellationToken.None)).Value;
            messages.AddRange(page.Messages);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return messages;
    }

    public static SendMessageRequest Request(string text, string? sessionId = null) => new(Records.Tenant, Records.User, Records.BotId, text, sessionId);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
