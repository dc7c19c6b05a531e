using System.Text.Json;
using MidnightOS.Api.Bots;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chat;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Wallets;
using MidnightOS.Custody;
using MidnightOS.Storage;

namespace MidnightOS.Tests.Benchmarks.Hosts;

/// <summary>The bound of the HTTP figures: Kestrel with one handler that checks the same token and makes the same reads on the same data, and does nothing else:
/// no routing, limits, headers, logs, errors.</summary>
internal static class BareHost
{
    public const string Verb = "bare";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Data:Folder"] = args[0];
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddStorage(builder.Configuration).AddCustody(builder.Configuration);
        builder.Services.AddSingleton<IIdGenerator, IdGenerator>().AddSingleton<AccessTokens>().AddSingleton<AuthenticateSession>().AddSingleton<ReadBots>();
        builder.Services.AddOptions<AccountOptions>();
        var app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"Ready: {app.Urls.First()}");
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        var caller = await services.GetRequiredService<AuthenticateSession>().RunAsync(token, context.RequestAborted);
        if (!caller.IsSuccess)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var path = context.Request.Path.Value!;
        if (path == "/api/bots")
        {
            var (bots, _) = await services.GetRequiredService<ReadBots>().ListAsync(caller.Value.Tenant, 20, null, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(bots.Select(BotResponse.From), Json, context.RequestAborted);
            return;
        }

        await ChatAsync(context, services, caller.Value, path["/api/bots/".Length..].Split('/')[0], path.EndsWith("/stored", StringComparison.Ordinal));
    }

    // What a balance question by chat reads, and when it is to be stored, the two commits that the contract asks for: the message before it is answered, the answer after it.
    private static async Task ChatAsync(HttpContext context, IServiceProvider services, Caller caller, string botId, bool stores)
    {
        var (store, ids, stop) = (services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<IIdGenerator>(), context.RequestAborted);
        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync(stop);
        var bot = await store.ReadAsync<Bot>(caller.Tenant, Bot.Key(botId), stop);
        var conversation = new Conversation
        {
            Id = ids.New(IdPrefix.Conversation), BotId = botId, UserId = caller.UserId, Title = text, LastSequence = 1, CreatedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow,
        };
        await store.ReadAsync<Conversation>(caller.Tenant, Conversation.Key(conversation.Id), stop);
        if (stores)
        {
            await StoreAsync(store, ids, caller, conversation, [(MessageSender.User, text)], stop);
        }

        await store.QueryAsync(caller.Tenant, new DocumentQuery(Message.Kind, Message.ConversationIndex, conversation.Id) { Limit = 90 }, stop);
        var wallet = await store.ReadAsync<Wallet>(caller.Tenant, Wallet.Key(botId), stop);
        var book = await store.ReadAsync<WalletBook>(caller.Tenant, WalletBook.Key(botId), stop);
        var answer = $"{bot!.Value.Name}: {JsonSerializer.Serialize(book!.Value.Holdings, Json)} {wallet!.Value.Keys.UnshieldedAddress}";
        if (stores)
        {
            await StoreAsync(store, ids, caller, conversation, [(MessageSender.Tool, answer), (MessageSender.Bot, answer)], stop);
        }

        await context.Response.WriteAsJsonAsync(new { response = answer, sessionId = conversation.Id }, Json, stop);
    }

    private static async Task StoreAsync(
        IDocumentStore store, IIdGenerator ids, Caller caller, Conversation conversation, (MessageSender Sender, string Text)[] said, CancellationToken stop)
    {
        List<DocumentWrite> writes = [new DocumentWrite.Put(Conversation.Key(conversation.Id), DocumentJson.Serialize(conversation), conversation.Indexes)];
        foreach (var (sender, content) in said)
        {
            var message = new Message
            {
                Id = ids.New(IdPrefix.Message), ConversationId = conversation.Id, Sender = sender, Content = content, Sequence = writes.Count, CreatedAt = DateTimeOffset.UtcNow,
            };
            writes.Add(new DocumentWrite.Put(Message.Key(message.Id), DocumentJson.Serialize(message), message.Indexes));
        }

        await store.CommitAsync(caller.Tenant, writes, stop);
    }
}
