using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Durable;

/// <summary>The composition of what a durable host runs.</summary>
internal static class DurableServices
{
    /// <summary>Adds the bodies of its orchestrator and its activity. The host adds <see cref="Core.Flows.IFlowClient"/>, the clock and the ids.</summary>
    public static IServiceCollection AddDurableFlows(this IServiceCollection services)
    {
        services.AddRegistries();
        services.AddMetrics();
        services.TryAddSingleton<FlowMetrics>();
        services.TryAddSingleton<FlowObservers>();
        services.TryAddSingleton<StepRunner>();
        services.TryAddSingleton<DurableFlows>();
        services.TryAddSingleton<DurableSteps>();
        return services;
    }
}
