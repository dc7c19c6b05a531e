using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>A host of flows under test, on a clock that the test moves.</summary>
public interface IFlowTestHost : IAsyncDisposable
{
    IFlowClient Client { get; }

    FlowProbe Probe { get; }

    /// <summary>Lets time pass; what became due runs.</summary>
    Task AdvanceAsync(TimeSpan by);

    /// <summary>Stops the host and starts it anew on the same store, so that flows are replayed.</summary>
    Task RestartAsync();
}

/// <summary>Makes a host with flows and steps.</summary>
public delegate Task<IFlowTestHost> FlowTestHostFactory(Action<IServiceCollection> flows);
