using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The contract on the embedded engine.</summary>
public sealed class EmbeddedFlowContractTests : FlowContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<IFlowTestHost> StartAsync(FlowScript script) =>
        await EmbeddedFlowHost.StartAsync(_folder.Path, new ManualTimeProvider(), new FlowProbe(), EmbeddedFlowHost.Scripted(script));
}
