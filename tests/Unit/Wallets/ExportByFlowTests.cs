using System.Security.Cryptography;
using System.Text;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Wallets;

/// <summary>How an app without custody gets a wallet's words for their owner.</summary>
public sealed class ExportByFlowTests : IDisposable
{
    private static readonly TenantId Other = new("ten_00000000000000000000000001");

    private readonly MoneyWorld _world = new();
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task ExportAsync_FlowsRun_GivesTheWordsAndLeavesNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var export = Way(host).ExportAsync(Wallet.RefOf(bot.Tenant, bot.BotId), default);
        await host.RunUntilAsync(() => Task.FromResult(export.IsCompleted));
        Assert.Equal(await WordsAsync(host, bot), (await export).Value);
        Assert.Empty((await host.Store.QueryAsync(bot.Tenant, new DocumentQuery("wallet-export"), default)).Documents);
    }

    [Fact]
    public async Task ExportAsync_NobodyAnswers_EndsInTimeAndLeavesNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var export = Way(host).ExportAsync(Wallet.RefOf(bot.Tenant, bot.BotId), default);
        await AskedAsync(host);
        await PassAsync(host, export);
        Assert.Equal(ErrorCodes.UpstreamUnavailable, (await export).Error?.Code);
        Assert.Empty((await host.Store.QueryAsync(bot.Tenant, new DocumentQuery("wallet-export"), default)).Documents);
    }

    [Fact]
    public async Task ExportAsync_ClientGoesAway_LeavesNothingToSeal()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        using var gone = new CancellationTokenSource();
        var export = Way(host).ExportAsync(Wallet.RefOf(bot.Tenant, bot.BotId), gone.Token);
        await AskedAsync(host);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => export);
        var start = Assert.Single(await host.OutboxAsync(), static record => record.FlowStart?.Flow == ExportFlowNames.Flow.Name).FlowStart!;
        Assert.Equal(ExportOutcome.Abandoned, await SealAsync(host, DocumentJson.Deserialize<ExportRef>(start.InputJson)));
    }

    [Fact]
    public async Task ExportAsync_BotWithoutWallet_TellsThatItIsNotReady()
    {
        await using var host = await _world.HostAsync();
        var made = await host.Get<CreateBot>().RunAsync(new CreateBotRequest(MoneyHost.Tenant, MoneyHost.User, "No wallet", null, BotType.General, null, new BotConfig()), default);
        var export = Way(host).ExportAsync(Wallet.RefOf(MoneyHost.Tenant, made.Value.Bot.Id), default);
        await SealAllAsync(host);
        await PassAsync(host, export);
        Assert.Equal(ErrorCodes.WalletNotReady, (await export).Error?.Code);
    }

    [Fact]
    public async Task Seal_BotOfAnotherTenant_IsNotFound()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var reference = await AskAsync(host, Other, bot.BotId);
        Assert.Equal(ExportOutcome.Failed, await SealAsync(host, reference));
        Assert.Equal("NOT_FOUND", (await ReadAsync(host, reference))!.Value.Failure!.Code);
    }

    [Fact]
    public async Task Seal_RequestOfAnotherTenant_IsNotSeen()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var reference = await AskAsync(host, bot.Tenant, bot.BotId);
        Assert.Equal(ExportOutcome.Abandoned, await SealAsync(host, reference with { Tenant = Other }));
        Assert.Null((await ReadAsync(host, reference))!.Value.Words);
    }

    [Fact]
    public async Task Seal_RunAgain_KeepsTheFirstAnswer()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var reference = await AskAsync(host, bot.Tenant, bot.BotId);
        Assert.Equal(ExportOutcome.Sealed, await SealAsync(host, reference));
        var first = await ReadAsync(host, reference);
        Assert.Equal(ExportOutcome.Sealed, await SealAsync(host, reference));
        Assert.Equal(first!.ETag, (await ReadAsync(host, reference))!.ETag);
        Assert.Equal(await WordsAsync(host, bot), WordsSeal.Open(_key, bot.Tenant, first.Value, first.Value.Words!));
    }

    [Fact]
    public async Task Seal_AfterItsTime_OpensNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var reference = await AskAsync(host, bot.Tenant, bot.BotId);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ExportOutcome.Abandoned, await SealAsync(host, reference));
    }

    [Fact]
    public async Task Seal_RequestDeletedMeanwhile_WritesNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var reference = await AskAsync(host, bot.Tenant, bot.BotId);
        host.BeforeRead = async key =>
        {
            if (key == Bot.Key(bot.BotId))
            {
                await host.Store.CommitAsync(bot.Tenant, new Batch().Delete(ExportRequest.Key(reference.ExportId)).Writes, default);
            }
        };
        Assert.Equal(ExportOutcome.Abandoned, await SealAsync(host, reference));
        Assert.Null(await ReadAsync(host, reference));
    }

    [Fact]
    public async Task Seal_Sealed_StoresTheWordsNowhereInClear()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var export = Way(host).ExportAsync(Wallet.RefOf(bot.Tenant, bot.BotId), default);
        await SealAllAsync(host);
        var words = await WordsAsync(host, bot);
        var found = Directory.EnumerateFiles(_world.Folder.Path, "*", SearchOption.AllDirectories).Select(Content).ToList();
        Assert.Contains(found, static content => content.Contains("wallet-export", StringComparison.Ordinal));
        var base64 = Convert.ToBase64String(Encoding.ASCII.GetBytes(words))[..32];
        Assert.DoesNotContain(found, content => content.Contains(words[..20], StringComparison.Ordinal) || content.Contains(base64, StringComparison.Ordinal));
        await PassAsync(host, export);
        Assert.Equal(words, (await export).Value);
    }

    [Fact]
    public void Open_AnswerToAnotherQuestion_Throws()
    {
        var request = new ExportRequest("exp_1", "bot_1", _key.ExportSubjectPublicKeyInfo(), DateTimeOffset.UnixEpoch);
        var words = WordsSeal.Seal(MoneyHost.Tenant, request, "able baker");
        Assert.Equal("able baker", WordsSeal.Open(_key, MoneyHost.Tenant, request, words));
        using var stranger = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.ThrowsAny<CryptographicException>(() => WordsSeal.Open(stranger, MoneyHost.Tenant, request, words));
        Assert.ThrowsAny<CryptographicException>(() => WordsSeal.Open(_key, Other, request, words));
        Assert.ThrowsAny<CryptographicException>(() => WordsSeal.Open(_key, MoneyHost.Tenant, request with { BotId = "bot_2" }, words));
        Assert.ThrowsAny<CryptographicException>(() => WordsSeal.Open(_key, MoneyHost.Tenant, request with { Id = "exp_2" }, words));
    }

    private static ExportByFlow Way(MoneyHost host) => new(host.Store, host.Get<IUnitOfWork>(), host.Get<IIdGenerator>(), host.Clock);

    private static Task<ExportOutcome> SealAsync(MoneyHost host, ExportRef reference) => host.StepAsync<SealWords, ExportRef, ExportOutcome>(reference);

    private static Task<Stored<ExportRequest>?> ReadAsync(MoneyHost host, ExportRef reference) =>
        host.Store.ReadAsync<ExportRequest>(reference.Tenant, ExportRequest.Key(reference.ExportId), default);

    private static async Task<string> WordsAsync(MoneyHost host, BotRef bot) =>
        (await host.Get<IWalletCustody>().ExportAsync(Wallet.RefOf(bot.Tenant, bot.BotId), default)).Value;

    // What the flow does, at once.
    private static async Task SealAllAsync(MoneyHost host)
    {
        var start = await AskedAsync(host);
        await SealAsync(host, DocumentJson.Deserialize<ExportRef>(start.InputJson));
    }

    /// <summary>The start of the flow, once the request has stored it.</summary>
    private static async Task<OutboxFlowStart> AskedAsync(MoneyHost host)
    {
        while (true)
        {
            if ((await host.OutboxAsync()).SingleOrDefault(static record => record.FlowStart?.Flow == ExportFlowNames.Flow.Name) is { FlowStart: { } start })
            {
                return start;
            }

            await Task.Yield();
        }
    }

    /// <summary>Lets time pass for as long as the request waits.</summary>
    private static async Task PassAsync(MoneyHost host, Task export)
    {
        while (!export.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(250));
            await host.Store.GetAsync(MoneyHost.Tenant, ExportRequest.Key("none"), default);
        }
    }

    private async Task<ExportRef> AskAsync(MoneyHost host, TenantId tenant, string botId)
    {
        var request = new ExportRequest("exp_1", botId, _key.ExportSubjectPublicKeyInfo(), host.Clock.GetUtcNow() + TimeSpan.FromSeconds(30));
        var batch = new Batch().Put(ExportRequest.Key(request.Id), request, Precondition.Absent, [], request.AnswerBy);
        Assert.True((await host.Store.CommitAsync(tenant, batch.Writes, default)).Committed);
        return new ExportRef(tenant, request.Id);
    }

    private static string Content(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
