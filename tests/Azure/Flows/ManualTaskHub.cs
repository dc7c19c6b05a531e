using System.Reflection;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Testing.Sidecar;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Flows;

/// <summary>Durable's task hub in memory, whose timers fire when the test's clock says so, and which tells when an instance waits or ended.</summary>
/// <remarks>It stands before the hub's service: the hub itself reads the machine's clock.</remarks>
public class ManualTaskHub : DispatchProxy
{
    private readonly Lock _gate = new();
    private readonly List<TaskMessage> _timers = [];
    private InMemoryOrchestrationService _hub = null!;
    private ManualTimeProvider _clock = null!;
    private Action<string> _waits = null!;
    private Action<string> _ended = null!;
    private readonly HashSet<object> _given = [];
    private TaskCompletionSource? _closed;
    private TaskCompletionSource? _idle;

    /// <summary>The hub as its server sees it.</summary>
    public IOrchestrationService Service { get; private set; } = null!;

    /// <summary>The hub as its clients see it.</summary>
    public IOrchestrationServiceClient Client => _hub;

    public static ManualTaskHub Create(ManualTimeProvider clock, Action<string> waits, Action<string> ended)
    {
        var service = Create<IOrchestrationService, ManualTaskHub>();
        var hub = (ManualTaskHub)(object)service;
        (hub.Service, hub._hub, hub._clock, hub._waits, hub._ended) = (service, new InMemoryOrchestrationService(), clock, waits, ended);
        return hub;
    }

    /// <summary>Lets time pass and fires what became due.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        List<TaskMessage> due;
        lock (_gate)
        {
            due = [.. _timers.Where(IsDue).OrderBy(static timer => ((TimerFiredEvent)timer.Event).FireAt)];
            _timers.RemoveAll(due.Contains);
        }

        foreach (var timer in due)
        {
            await _hub.SendTaskOrchestrationMessageAsync(Fired(timer));
        }
    }

    /// <summary>Gives no more work to the worker, and ends when it gave back what it had: what is lost with a worker the hub in memory never gives out again.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_given.Count == 0)
            {
                _idle.SetResult();
            }

            return _idle.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Gives work again.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _closed?.SetResult();
            _closed = null;
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        switch (targetMethod.Name)
        {
            // By default the machine's processors: steps that wait for each other would wait for ever, and a hub that is full looks again seconds later.
            case "get_" + nameof(IOrchestrationService.MaxConcurrentTaskActivityWorkItems):
            case "get_" + nameof(IOrchestrationService.MaxConcurrentTaskOrchestrationWorkItems):
                return 256;
            case nameof(IOrchestrationService.CompleteTaskOrchestrationWorkItemAsync):
                return CompleteAsync(targetMethod, args!);
            case nameof(IOrchestrationService.LockNextTaskOrchestrationWorkItemAsync):
                return GiveAsync((Task<TaskOrchestrationWorkItem>)targetMethod.Invoke(_hub, args)!);
            case nameof(IOrchestrationService.LockNextTaskActivityWorkItem):
                return GiveAsync((Task<TaskActivityWorkItem>)targetMethod.Invoke(_hub, args)!);
            case nameof(IOrchestrationService.ReleaseTaskOrchestrationWorkItemAsync):
            case nameof(IOrchestrationService.CompleteTaskActivityWorkItemAsync):
            case nameof(IOrchestrationService.AbandonTaskActivityWorkItemAsync):
                return TakeBackAsync((Task)targetMethod.Invoke(_hub, args)!, args![0]!);
            default:
                return targetMethod.Invoke(_hub, args);
        }
    }

    private static TaskMessage Fired(TaskMessage timer)
    {
        ((TimerFiredEvent)timer.Event).FireAt = DateTime.UtcNow;
        return timer;
    }

    private bool IsDue(TaskMessage timer) => ((TimerFiredEvent)timer.Event).FireAt <= _clock.GetUtcNow().UtcDateTime;

    private async Task<T> GiveAsync<T>(Task<T> next)
        where T : class
    {
        var work = await next;
        while (true)
        {
            Task open;
            lock (_gate)
            {
                if (_closed is null)
                {
                    _given.Add(work);
                    return work;
                }

                open = _closed.Task;
            }

            await open;
        }
    }

    private async Task TakeBackAsync(Task taken, object work)
    {
        await taken;
        lock (_gate)
        {
            if (_given.Remove(work) && _given.Count == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private async Task CompleteAsync(MethodInfo method, object?[] args)
    {
        var id = ((TaskOrchestrationWorkItem)args[0]!).InstanceId;
        var state = (OrchestrationRuntimeState)args[1]!;
        bool goesOn;
        lock (_gate)
        {
            var timers = (IList<TaskMessage>)args[4]!;
            var due = timers.Where(IsDue).ToList();
            _timers.AddRange(timers.Except(due));
            args[4] = due.ConvertAll(Fired);
            goesOn = due.Count > 0;
        }

        await (Task)method.Invoke(_hub, args)!;
        if (state.OrchestrationStatus is not OrchestrationStatus.Running)
        {
            _ended(id);
        }
        else if (!goesOn && OpenSteps(state) == 0)
        {
            _waits(id);
        }
    }

    private static int OpenSteps(OrchestrationRuntimeState state) => state.Events.Sum(static happened => happened.EventType switch
    {
        EventType.TaskScheduled => 1,
        EventType.TaskCompleted or EventType.TaskFailed => -1,
        _ => 0,
    });
}
