using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>The composition of the embedded engine.</summary>
public static class FlowEngineServices
{
    /// <summary>Adds the engine and <see cref="IFlowClient"/>. The host adds the journal (storage) and the clock and ids (Core), and binds section <c>Flows</c>.</summary>
    public static IServiceCollection AddFlowEngine(this IServiceCollection services, Action<FlowEngineOptions>? configure = null)
    {
        services.AddRegistries();
        services.AddMetrics();
        services.AddSingleton<IValidateOptions<FlowEngineOptions>, FlowEngineOptionsValidator>();
        services.AddOptions<FlowEngineOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddSingleton<FlowMetrics>();
        services.TryAddSingleton<FlowObservers>();
        services.TryAddSingleton<StepRunner>();
        services.TryAddSingleton<FlowRunServices>();
        services.TryAddSingleton<FlowEngine>();
        services.TryAddSingleton<IFlowClient, EmbeddedFlowClient>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FlowEngine>());
        return services;
    }
}
