using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Tests.Unit.Accounts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Maintenance;

public sealed class DueQueueDepthsTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Read_DueMarkers_CountsWhatIsDueAndSinceWhenTheFirstWaits()
    {
        using var folder = new TemporaryFolder();
        await using var host = new AccountsHost(folder.Path, new ManualTimeProvider(Now), static services => services.AddDueQueueDepths());
        var directory = host.Get<IDirectory>();
        var tenant = new TenantId("ten_1");
        await directory.MarkDueAsync("outbox", tenant, "all", Now - TimeSpan.FromMinutes(2), CancellationToken.None);
        await directory.MarkDueAsync("open-work", tenant, "txn_1", Now - TimeSpan.FromMinutes(5), CancellationToken.None);
        await directory.MarkDueAsync("open-work", tenant, "txn_2", Now, CancellationToken.None);
        await directory.MarkDueAsync("open-work", tenant, "txn_3", Now + TimeSpan.FromSeconds(1), CancellationToken.None);

        var found = await host.Get<IQueueDepths>().ReadAsync(["open-work", "quiet"], Now, CancellationToken.None);

        Assert.Equal(
            [new QueueDepth("outbox", 1, Now - TimeSpan.FromMinutes(2)), new QueueDepth("open-work", 2, Now - TimeSpan.FromMinutes(5)), new QueueDepth("quiet", 0, null)], found.Queues);
        Assert.Empty(found.RunningFlows);
    }
}
