using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Registry;

/// <summary>What <c>AddFlow</c> leaves in the services.</summary>
internal sealed record FlowRegistration(string Name, Func<IServiceProvider, IFlowContext, string, Task<string>> Run)
{
    public static FlowRegistration Create<TFlow, TInput, TOutput>(string name)
        where TFlow : class, IFlow<TInput, TOutput> =>
        new(name, RunAsync<TFlow, TInput, TOutput>);

    // Runs inside the flow: awaits nothing but the flow, on the flow's own synchronization context.
    private static async Task<string> RunAsync<TFlow, TInput, TOutput>(IServiceProvider services, IFlowContext context, string inputJson)
        where TFlow : class, IFlow<TInput, TOutput>
    {
        var flow = services.GetRequiredService<TFlow>();
        var output = await flow.RunAsync(context, DocumentJson.Deserialize<TInput>(inputJson));
        return FlowLimits.Check(DocumentJson.ToText(output), "The flow's output");
    }
}

/// <summary>What <c>AddStep</c> leaves in the services.</summary>
internal sealed record StepRegistration(string Name, Func<IServiceProvider, StepKey, string, CancellationToken, Task<string>> Invoke)
{
    public static StepRegistration Create<TStep, TInput, TOutput>(string name)
        where TStep : class, IStep<TInput, TOutput> =>
        new(name, async (services, key, inputJson, cancellationToken) =>
        {
            var step = services.GetRequiredService<TStep>();
            var input = JsonSerializer.Deserialize<TInput>(inputJson, DocumentJson.Options)!;
            return DocumentJson.ToText(await step.RunAsync(key, input, cancellationToken));
        });
}

internal sealed class FlowRegistry(IServiceProvider services, IEnumerable<FlowRegistration> flows) : IFlowRegistry
{
    private readonly FrozenDictionary<string, FlowRegistration> _flows = flows.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _flows.Keys;

    public Task<string> RunAsync(string name, IFlowContext context, string inputJson) =>
        _flows.TryGetValue(name, out var flow)
            ? flow.Run(services, context, inputJson)
            : throw new InvalidOperationException($"No flow named '{name}' is registered; add it with AddFlow.");
}

internal sealed class StepRegistry(IServiceScopeFactory scopes, IEnumerable<StepRegistration> steps) : IStepRegistry
{
    private readonly FrozenDictionary<string, StepRegistration> _steps = steps.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    public async Task<string> InvokeAsync(string name, StepKey key, string inputJson, CancellationToken cancellationToken)
    {
        if (!_steps.TryGetValue(name, out var step))
        {
            throw new InvalidOperationException($"No step named '{name}' is registered; add it with AddStep.");
        }

        await using var scope = scopes.CreateAsyncScope();
        var output = await step.Invoke(scope.ServiceProvider, key, inputJson, cancellationToken);
        return FlowLimits.Check(output, "The step's output");
    }
}
