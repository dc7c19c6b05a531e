using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Registry;

/// <summary>Registers flows and steps; both hosts use the same registrations.</summary>
public static class FlowServices
{
    /// <summary>Adds a flow.</summary>
    /// <remarks>
    /// <para>The name is stored with every started flow, and a started flow is replayed by the class that has its name. A change of what a flow awaits, or in which
    /// order, breaks the flows that run. So a changed flow is a new class with a new name, by convention with its version ("transfer.2"): starts use the new name, and
    /// the old class stays registered until its last flow ended. Changes inside steps need no new name as long as the steps' inputs and outputs stay readable.</para>
    /// <para>A flow that is replayed by changed code is failed with an error that names the call at which they differ.</para>
    /// <para>A flow is created for each run from the root services; it depends on nothing that does I/O.</para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="name">The flow's name; added twice, the registry throws.</param>
    public static IServiceCollection AddFlow<TFlow, TInput, TOutput>(this IServiceCollection services, FlowName<TInput, TOutput> name)
        where TFlow : class, IFlow<TInput, TOutput>
    {
        ArgumentNullException.ThrowIfNull(name);
        services.AddTransient<TFlow>();
        services.AddSingleton(FlowRegistration.Create<TFlow, TInput, TOutput>(name.Name));
        return services.AddRegistries();
    }

    /// <summary>Adds a step. Each attempt gets an instance of its own in a scope of its own.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The step's name; added twice, the registry throws.</param>
    public static IServiceCollection AddStep<TStep, TInput, TOutput>(this IServiceCollection services, StepName<TInput, TOutput> name)
        where TStep : class, IStep<TInput, TOutput>
    {
        ArgumentNullException.ThrowIfNull(name);
        services.AddScoped<TStep>();
        services.AddSingleton(StepRegistration.Create<TStep, TInput, TOutput>(name.Name));
        return services.AddRegistries();
    }

    internal static IServiceCollection AddRegistries(this IServiceCollection services)
    {
        services.TryAddSingleton<IFlowRegistry, FlowRegistry>();
        services.TryAddSingleton<IStepRegistry, StepRegistry>();
        return services;
    }
}
