using System.Globalization;
using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>What a flow sees of the embedded engine. Every call that is awaited has a number, counted from 1, by which the journal answers it.</summary>
internal sealed class EmbeddedFlowContext(string flowId, FlowExecution execution, IIdGenerator ids) : IFlowContext
{
    private int _calls;
    private int _ids;

    public string FlowId { get; } = flowId;

    public DateTimeOffset Now
    {
        get
        {
            EnsureInside();
            return execution.Now;
        }
    }

    public string NewId(string prefix)
    {
        EnsureInside();
        _ids++;
        return ids.Derive(prefix, execution.Now, "flow", FlowId, _ids.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<TOutput> CallAsync<TInput, TOutput>(StepName<TInput, TOutput> step, TInput input, RetryPolicy? retry = null)
    {
        EnsureInside();
        ArgumentNullException.ThrowIfNull(step);
        var inputJson = FlowLimits.Check(DocumentJson.ToText(input), $"The input of step '{step.Name}'");
        var call = new StepCall(++_calls, step.Name, inputJson, (retry ?? RetryPolicy.Default).Checked());
        execution.Add(call);
        return Read<TOutput>(await call.Answer);
    }

    public async Task<FlowEvent<T>> WaitForEventAsync<T>(string name, TimeSpan timeout)
    {
        EnsureInside();
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        var call = new EventCall(++_calls, name, execution.Now + timeout);
        execution.Add(call);
        return await call.Answer is { } payload ? new FlowEvent<T>(false, Read<T>(payload)) : new FlowEvent<T>(true, default);
    }

    public async Task DelayAsync(TimeSpan duration)
    {
        EnsureInside();
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var call = new DelayCall(++_calls, execution.Now + duration);
        execution.Add(call);
        await call.Answer;
    }

    public void SetCustomStatus(string status)
    {
        EnsureInside();
        ArgumentNullException.ThrowIfNull(status);
        if (status.Length > FlowLimits.MaxCustomStatusLength)
        {
            throw new ArgumentException($"A custom status has at most {FlowLimits.MaxCustomStatusLength} characters.", nameof(status));
        }

        execution.CustomStatus = status;
    }

    private static T Read<T>(string? json) => JsonSerializer.Deserialize<T>(json!, DocumentJson.Options)!;

    // A flow that went on after something foreign runs on another thread: its calls must not reach the execution.
    private void EnsureInside()
    {
        if (!execution.Pump.IsInside)
        {
            execution.Pump.ReportForeign();
            throw FlowDefectException.Foreign();
        }
    }
}
