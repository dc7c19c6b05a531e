using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Custody;
using MidnightOS.Embedded;
using MidnightOS.Embedded.Operator;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>A new key-encryption key while a host signs with what the old one wraps.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private const int Bots = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-keys-").FullName;
    private readonly LaterClock _clock = new();
    private WebApplication? _host;

    private string KeyFile => Path.Combine(_folder, "keys", "vault.json");

    public async Task InitializeAsync() =>
        _host = await PlatformUnderTest.StartAsync(_folder, builder => builder.Services.AddSingleton<TimeProvider>(_clock));

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task RotateWallets_WhileSendsRun_WrapsAllAgainDestroysTheOldKeyAndFailsNothing()
    {
        using var ann = await PlatformClient.SignUpAsync(new Uri(_host!.Urls.First()));
        var bots = new List<string>();
        for (var i = 0; i < Bots; i++)
        {
            bots.Add(await ann.CreateBotAsync());
            await ann.FundAsync(bots[i], "10");
        }

        var old = CurrentVersion();
        var sent = await WhileSendingAsync(ann, bots, async () =>
        {
            Assert.Equal(0, await RunAsync("keys", "rotate", "wallets"));
            await RewrapAsync();
            Assert.Equal(1, await RunAsync("keys", "retire", "wallets", old));
        });

        _clock.Ahead = TimeSpan.FromMinutes(61);
        await ann.RefreshAsync();
        sent.AddRange(await WhileSendingAsync(ann, bots, async () => Assert.Equal(0, await RunAsync("keys", "retire", "wallets", old))));

        Assert.NotEqual(old, CurrentVersion());
        Assert.DoesNotContain(Versions(), version => (string?)version["id"] == old && version["key"] is not null);
        foreach (var transaction in sent)
        {
            Assert.Equal("confirmed", (string?)(await ann.EndOfAsync(transaction))["status"]);
        }

        bots.Add(await ann.CreateBotAsync("Made after"));
        foreach (var bot in bots)
        {
            Assert.NotEmpty((string)(await ann.PostAsync($"/api/bots/{bot}/wallet/export", new { password = PlatformClient.Password }))["mnemonic"]!);
        }
    }

    // Sends from every bot, one after the other, before, during and after what is done.
    private static async Task<List<string>> WhileSendingAsync(PlatformClient client, List<string> bots, Func<Task> work)
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var load = Task.WhenAll(bots.Select(bot => SendAsync(client, bot, started, stop.Token)));
        await Task.WhenAny(started.Task, load);
        try
        {
            await work();
        }
        finally
        {
            await stop.CancelAsync();
        }

        return [.. (await load).SelectMany(static sent => sent)];
    }

    private static async Task<List<string>> SendAsync(PlatformClient client, string bot, TaskCompletionSource started, CancellationToken stop)
    {
        var to = await client.AddressOfAsync(bot);
        List<string> sent = [];
        do
        {
            var transaction = await client.PostAsync($"/api/bots/{bot}/wallet/send", new { to, amount = "0.01" }, HttpStatusCode.Accepted);
            sent.Add((string)transaction["transaction"]!["id"]!);
            await client.EndOfAsync(sent[^1]);
            started.TrySetResult();
        }
        while (!stop.IsCancellationRequested);
        return sent;
    }

    private async Task RewrapAsync()
    {
        while (await _host!.Services.GetRequiredService<IWalletCustody>().RunAsync(TimeSpan.FromSeconds(10), default))
        {
        }
    }

    private IEnumerable<JsonNode> Versions() => JsonNode.Parse(File.ReadAllText(KeyFile))!["keys"]!.AsArray().Select(static version => version!);

    private string CurrentVersion() => (string)Versions().Last(static version => (string?)version["purpose"] == "wallets")["id"]!;

    private async Task<int> RunAsync(params string[] words)
    {
        await using var app = EmbeddedHost.Build(PlatformUnderTest.Arguments(_folder), builder => builder.Services.AddSingleton<TimeProvider>(_clock));
        return await OperatorCommand.RunAsync(words, app.Services, CancellationToken.None);
    }

    private sealed class LaterClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
