using System.Globalization;
using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Orchestrations.Durable;

/// <summary>What a flow sees of a durable host. It numbers the flow's calls as the embedded engine does.</summary>
/// <remarks>The host orders what happens and replays it; what it does otherwise than the contract (names of events without case, waits served last in first out, retries without a number) is not used.</remarks>
internal sealed class DurableFlowContext : IFlowContext, IDisposable
{
    private readonly IDurableHost _host;
    private readonly FlowStart _start;
    private readonly IIdGenerator _ids;
    private readonly StepCalls _steps;
    private readonly EventInbox _inbox = new();
    private readonly CancellationTokenSource _ended = new();
    private int _calls;
    private int _idsGiven;

    public DurableFlowContext(IDurableHost host, FlowStart start, IIdGenerator ids, FlowObservers observers)
    {
        (_host, _start, _ids) = (host, start, ids);
        _steps = new StepCalls(host, observers, _ended.Token);
        _ = ListenAsync();
    }

    public string FlowId => _host.InstanceId;

    public DateTimeOffset Now => _host.Now;

    public string NewId(string prefix) => _ids.Derive(prefix, Now, "flow", FlowId, (++_idsGiven).ToString(CultureInfo.InvariantCulture));

    public async Task<TOutput> CallAsync<TInput, TOutput>(StepName<TInput, TOutput> step, TInput input, RetryPolicy? retry = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        var inputJson = FlowLimits.Check(DocumentJson.ToText(input), $"The input of step '{step.Name}'");
        var policy = (retry ?? RetryPolicy.Default).Checked();
        var call = new StepRequest(_start.Flow, FlowId, step.Name, ++_calls, 1, inputJson, _start.TraceParent);
        return Read<TOutput>(await _steps.RunAsync(call, policy));
    }

    public async Task<FlowEvent<T>> WaitForEventAsync<T>(string name, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        _calls++;
        var wait = _inbox.Wait(name);
        if (!wait.Payload.IsCompleted)
        {
            await AnyAsync(wait.Payload, Now + timeout);
        }

        if (wait.Payload.IsCompleted)
        {
            return new FlowEvent<T>(false, Read<T>(await wait.Payload));
        }

        _inbox.Withdraw(wait);
        return new FlowEvent<T>(true, default);
    }

    public async Task DelayAsync(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        _calls++;
        await _host.WaitUntilAsync(Now + duration, _ended.Token);
    }

    public void SetCustomStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.Length > FlowLimits.MaxCustomStatusLength)
        {
            throw new ArgumentException($"A custom status has at most {FlowLimits.MaxCustomStatusLength} characters.", nameof(status));
        }

        _host.SetCustomStatus(status);
    }

    /// <summary>Cancels what still waits: a host keeps an orchestration open, or its timers, for as long as one does.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, DocumentJson.Options)!;

    private async Task AnyAsync(Task happened, DateTimeOffset deadline)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        await Task.WhenAny(happened, _host.WaitUntilAsync(deadline, timer.Token));

        // Not CancelAsync: its callbacks would run on another thread than the flow's.
        timer.Cancel();
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            if (RaisedEvent.Read(await _host.NextEventAsync()) is { } raised)
            {
                _inbox.Receive(raised);
            }
        }
    }
}
