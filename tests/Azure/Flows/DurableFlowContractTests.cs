using MidnightOS.Tests.Unit.Flows;

namespace MidnightOS.Tests.Azure.Flows;

/// <summary>The contract on Durable Task.</summary>
public sealed class DurableFlowContractTests : FlowContract
{
    protected override async Task<IFlowTestHost> StartAsync(FlowScript script) => await DurableFlowTestHost.StartAsync(script.Register);
}
