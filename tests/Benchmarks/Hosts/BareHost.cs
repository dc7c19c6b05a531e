using System.Text.Json;
using MidnightOS.Api.Bots;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Bots;
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

        var botId = path["/api/bots/".Length..].Split('/')[0];
        var store = services.GetRequiredService<IDocumentStore>();
        using var body = new StreamReader(context.Request.Body);
        var message = await body.ReadToEndAsync(context.RequestAborted);
        var bot = await store.ReadAsync<Bot>(caller.Value.Tenant, Bot.Key(botId), context.RequestAborted);
        var book = await store.ReadAsync<WalletBook>(caller.Value.Tenant, WalletBook.Key(botId), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new { bot!.Value.Name, book!.Value.Holdings, message.Length }, Json, context.RequestAborted);
    }
}
