using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Operations;
using MidnightOS.Orchestrations.Rescue;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Bots;

public sealed class RescueOperationsTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Run_CreationEndedByADefect_LeavesTheBotFailedAndGivesItsPlaceBack()
    {
        await using var host = await _world.HostAsync(new() { ["Bots:PerTenant"] = "1" });
        var bot = await AcceptAsync(host);
        await host.StepAsync<SaveBotConfig, BotRef, StageOutcome>(bot);
        await host.StepAsync<RegisterAgent, BotRef, StageOutcome>(bot);
        await host.BreakFlowAsync(BotFlowNames.Create.Name, bot.OperationId);
        await RescueAsync(host);

        Assert.Equal(BotStatus.Failed, (await host.BotAsync(bot)).Status);
        Assert.Equal(OperationStatus.Failed, (await OperationAsync(host, bot.OperationId)).Status);
        Assert.Null((await host.StepAsync<RegisterAgent, BotRef, StageOutcome>(await AcceptAsync(host))).Error);
    }

    [Fact]
    public async Task Run_CreationThatNoFlowHasBegunYet_IsLeftToTheOutbox()
    {
        await using var host = await _world.HostAsync();
        var bot = await AcceptAsync(host);
        await RescueAsync(host);
        Assert.Equal(BotStatus.Provisioning, (await host.BotAsync(bot)).Status);
        Assert.Equal(OperationStatus.Running, (await OperationAsync(host, bot.OperationId)).Status);
    }

    [Fact]
    public async Task Run_DeletionEndedByADefectBeforeTheSeedWasRetired_GivesTheBotBack()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000);
        var deletion = await DeleteAsync(host, bot);
        await RescueAsync(host);
        Assert.Equal(BotStatus.Stopped, (await host.BotAsync(bot)).Status);
        Assert.Equal(OperationStatus.Failed, (await OperationAsync(host, deletion)).Status);
    }

    [Fact]
    public async Task Run_DeletionEndedByADefectAfterItsRemovalBegan_IsFinished()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000);
        var deletion = await DeleteAsync(host, bot);
        await host.Get<TrackOperation>().BeginAsync(bot.Tenant, deletion, "removeBot", default);
        await RescueAsync(host);
        Assert.Equal("NOT_FOUND", (await host.Get<ReadBots>().FindAsync(bot.Tenant, bot.BotId, default)).Error?.Code.Name);
        Assert.Equal(OperationStatus.Succeeded, (await OperationAsync(host, deletion)).Status);
    }

    private static async Task<BotRef> AcceptAsync(MoneyHost host)
    {
        var made = await host.Get<CreateBot>().RunAsync(
            new CreateBotRequest(MoneyHost.Tenant, MoneyHost.User, "Ada", null, BotType.General, null, new BotConfig()), default);
        return new BotRef(MoneyHost.Tenant, made.Value.Bot.Id, made.Value.Operation.Id);
    }

    private async Task<string> DeleteAsync(MoneyHost host, BotRef bot)
    {
        var deleted = await host.Get<DeleteBot>().RunAsync(
            new DeleteBotRequest(bot.Tenant, MoneyHost.User, bot.BotId, null, _world.Stranger), default);
        await host.BreakFlowAsync(BotFlowNames.Delete.Name, deleted.Value.Operation.Id);
        return deleted.Value.Operation.Id;
    }

    private static async Task<Operation> OperationAsync(MoneyHost host, string id) =>
        (await host.Store.ReadAsync<Operation>(MoneyHost.Tenant, Operation.Key(id), default))!.Value;

    private static async Task RescueAsync(MoneyHost host)
    {
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.False(await host.Get<RescueWork>().RunAsync(TimeSpan.FromSeconds(20), default));
    }
}
