using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The flow and the step of a test, as delegates.</summary>
public sealed class FlowScript
{
    public static readonly FlowName<string, string> Flow = new("scripted");

    public static readonly StepName<string, string> Do = new("do");

    public static readonly StepName<string, string> Other = new("other");

    /// <summary>The flow.</summary>
    public required Func<IFlowContext, string, Task<string>> Run { get; init; }

    /// <summary>Both steps; by default they give their input back.</summary>
    public Func<StepKey, string, CancellationToken, Task<string>> Step { get; init; } = (_, input, _) => Task.FromResult(input);
}

internal sealed class ScriptedFlow(FlowScript script) : IFlow<string, string>
{
    public Task<string> RunAsync(IFlowContext context, string input) => script.Run(context, input);
}

internal sealed class ScriptedStep(FlowScript script) : IStep<string, string>
{
    public Task<string> RunAsync(StepKey key, string input, CancellationToken cancellationToken) => script.Step(key, input, cancellationToken);
}
