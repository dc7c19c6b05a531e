namespace MidnightOS.Core.Flows;

/// <summary>All that a flow may use. The embedded engine and Durable Task keep this contract exactly.</summary>
/// <remarks>
/// A flow is replayed from its journal after a crash, so its code must do the same on every run: no I/O, no wall clock, no random numbers, no tasks of its own,
/// no <c>ConfigureAwait(false)</c>; it awaits nothing but what this context gives. Calls may run side by side (<c>Task.WhenAll</c>, <c>Task.WhenAny</c>); what a flow
/// does not await until it ends may never run. Inputs, outputs and payloads are at most <see cref="FlowLimits.MaxPayloadBytes"/>.
/// </remarks>
public interface IFlowContext
{
    /// <summary>The flow's id: the id of the operation or transaction that it carries out.</summary>
    string FlowId { get; }

    /// <summary>The time at which the flow saw what it awaited last, the same on every replay; at first, when it was started.</summary>
    DateTimeOffset Now { get; }

    /// <summary>A new id, the same on every replay.</summary>
    string NewId(string prefix);

    /// <summary>Runs a step: at least once, its result recorded once. A step that still throws after the retries ends as <see cref="StepFailedException"/>.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">Its input.</param>
    /// <param name="retry">When it is tried again; null for <see cref="RetryPolicy.Default"/>. A step whose output is too large is not tried again.</param>
    Task<TOutput> CallAsync<TInput, TOutput>(StepName<TInput, TOutput> step, TInput input, RetryPolicy? retry = null);

    /// <summary>Waits for an event that was or will be raised to this flow. Events of a name are taken in the order in which they were raised, each once.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="timeout">How long to wait, from <see cref="Now"/>. An event that comes later waits for the next wait of its name.</param>
    /// <returns>The event's payload, or that the time passed.</returns>
    Task<FlowEvent<T>> WaitForEventAsync<T>(string name, TimeSpan timeout);

    /// <summary>Waits durably.</summary>
    Task DelayAsync(TimeSpan duration);

    /// <summary>Sets what an observer of the flow sees, at the latest when the flow awaits next; at most <see cref="FlowLimits.MaxCustomStatusLength"/> characters.</summary>
    void SetCustomStatus(string status);
}

/// <summary>A flow: a class over <see cref="IFlowContext"/> that the same code runs on both hosts.</summary>
/// <typeparam name="TInput">JSON-serializable input.</typeparam>
/// <typeparam name="TOutput">JSON-serializable output.</typeparam>
public interface IFlow<in TInput, TOutput>
{
    /// <summary>Runs the flow from its start; awaited calls that the journal knows return at once.</summary>
    Task<TOutput> RunAsync(IFlowContext context, TInput input);
}

/// <summary>A step: the only place in a flow that does I/O. Run at least once, so idempotent by its key.</summary>
/// <typeparam name="TInput">JSON-serializable input.</typeparam>
/// <typeparam name="TOutput">JSON-serializable output.</typeparam>
public interface IStep<in TInput, TOutput>
{
    /// <summary>Does the work.</summary>
    /// <param name="key">The same on every attempt of this call: the flow's id and the call's number.</param>
    /// <param name="input">The input that the flow gave.</param>
    /// <param name="cancellationToken">The host stops; the step will be run again.</param>
    Task<TOutput> RunAsync(StepKey key, TInput input, CancellationToken cancellationToken);
}

/// <summary>What identifies one call of a step over all its attempts.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Sequence">The call's number in the flow. Steps, waits and delays count together, from 1.</param>
/// <param name="Attempt">1 on the first attempt.</param>
public readonly record struct StepKey(string FlowId, int Sequence, int Attempt);

/// <summary>The stable name of a step with the types of its input and output.</summary>
/// <param name="Name">Stored in journals: never change it while flows run.</param>
public sealed record StepName<TInput, TOutput>(string Name);

/// <summary>The stable name of a flow with the types of its input and output.</summary>
/// <param name="Name">Stored in journals and outboxes: never change it while flows run.</param>
public sealed record FlowName<TInput, TOutput>(string Name);

/// <summary>An awaited event, or the end of the time to wait.</summary>
/// <param name="TimedOut">Whether the time passed first.</param>
/// <param name="Payload">The event's payload; default when the time passed.</param>
public readonly record struct FlowEvent<T>(bool TimedOut, T? Payload);

/// <summary>How often and when a step that throws is tried again.</summary>
/// <param name="MaxAttempts">Attempts in all, 1 or more.</param>
/// <param name="FirstDelay">Before the second attempt.</param>
/// <param name="Factor">What each further delay is multiplied by.</param>
/// <param name="MaxDelay">The longest delay.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan FirstDelay, double Factor, TimeSpan MaxDelay)
{
    /// <summary>One attempt.</summary>
    public static RetryPolicy None { get; } = new(1, TimeSpan.Zero, 1, TimeSpan.Zero);

    /// <summary>Ten attempts from 200 ms on, doubling up to 30 s: about two and a half minutes.</summary>
    public static RetryPolicy Default { get; } = new(10, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(30));
}

/// <summary>A step threw on its last attempt.</summary>
public sealed class StepFailedException(string step, string message) : Exception($"{step}: {message}")
{
    /// <summary>The step's name.</summary>
    public string Step { get; } = step;
}
