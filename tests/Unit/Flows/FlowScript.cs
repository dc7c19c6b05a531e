using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The flow and the step of a test, as delegates.</summary>
public sealed class FlowScript
{
    public static readonly FlowName<string, string> Flow = new("scripted");

    public static readonly FlowName<string, string> NextVersion = new("scripted.2");

    public static readonly StepName<string, string> Do = new("do");

    public static readonly StepName<string, string> Other = new("other");

    /// <summary>The flow.</summary>
    public required Func<IFlowContext, string, Task<string>> Run { get; init; }

    /// <summary>The flow's next version, beside it under a name of its own; by default it gives its input back.</summary>
    public Func<IFlowContext, string, Task<string>> RunNext { get; init; } = (_, input) => Task.FromResult(input);

    /// <summary>Both steps; by default they give their input back.</summary>
    public Func<StepKey, string, CancellationToken, Task<string>> Step { get; init; } = (_, input, _) => Task.FromResult(input);

    /// <summary>Adds its flows and steps.</summary>
    public void Register(IServiceCollection services) => services
        .AddSingleton(this)
        .AddFlow<ScriptedFlow, string, string>(Flow)
        .AddFlow<ScriptedNextFlow, string, string>(NextVersion)
        .AddStep<ScriptedStep, string, string>(Do)
        .AddStep<ScriptedStep, string, string>(Other);
}

internal sealed class ScriptedNextFlow(FlowScript script) : IFlow<string, string>
{
    public Task<string> RunAsync(IFlowContext context, string input) => script.RunNext(context, input);
}

internal sealed class ScriptedFlow(FlowScript script) : IFlow<string, string>
{
    public Task<string> RunAsync(IFlowContext context, string input) => script.Run(context, input);
}

internal sealed class ScriptedStep(FlowScript script) : IStep<string, string>
{
    public Task<string> RunAsync(StepKey key, string input, CancellationToken cancellationToken) => script.Step(key, input, cancellationToken);
}
