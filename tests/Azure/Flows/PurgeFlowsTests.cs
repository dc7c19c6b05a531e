using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Tests.Unit.Flows;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Flows;

/// <summary>What becomes of flows that ended long ago.</summary>
public sealed class PurgeFlowsTests
{
    [Fact]
    public async Task RunAsync_AfterTheRetention_DeletesWhatEndedAndNothingThatRuns()
    {
        var script = new FlowScript
        {
            Run = async (context, input) => input == "waits" ? (await context.WaitForEventAsync<string>("go", TimeSpan.FromDays(60))).Payload! : input,
        };
        await using var host = await DurableFlowTestHost.StartAsync(script.Register);
        await host.Client.StartAsync(FlowScript.Flow.Name, "op_1", "\"ends\"", CancellationToken.None);
        await host.Client.StartAsync(FlowScript.Flow.Name, "op_2", "\"waits\"", CancellationToken.None);
        await host.Probe.EndAsync("op_1");
        await host.Probe.WaitingAsync("op_2");

        Assert.Equal(0, await Purge(DateTimeOffset.UtcNow + TimeSpan.FromDays(29)).RunAsync(host.Instances, CancellationToken.None));
        Assert.Equal(1, await Purge(DateTimeOffset.UtcNow + TimeSpan.FromDays(31)).RunAsync(host.Instances, CancellationToken.None));

        Assert.Null(await host.Client.FindAsync("op_1", CancellationToken.None));
        Assert.Equal(FlowStatus.Running, (await host.Client.FindAsync("op_2", CancellationToken.None))!.Status);
    }

    private static PurgeFlows Purge(DateTimeOffset now) =>
        new(Options.Create(new FlowEngineOptions()), new ManualTimeProvider(now), NullLogger<PurgeFlows>.Instance);
}
