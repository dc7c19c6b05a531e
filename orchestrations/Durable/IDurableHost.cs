namespace MidnightOS.Orchestrations.Durable;

/// <summary>What the context of a flow needs of a durable host: one instance of an orchestration, whose code is replayed from its history.</summary>
/// <remarks>All of it is used on the instance's own thread. A task that it gives is completed there too, by the next event of the history.</remarks>
internal interface IDurableHost
{
    /// <summary>The instance's id: the flow's.</summary>
    string InstanceId { get; }

    /// <summary>Whether the code runs through what the history knows already.</summary>
    bool IsReplaying { get; }

    /// <summary>The time of the turn, the same on every replay.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Runs the one activity that runs steps.</summary>
    /// <param name="requestJson">A <see cref="StepRequest"/>.</param>
    /// <returns>A <see cref="StepAnswer"/>.</returns>
    /// <exception cref="StepLostException">The activity gave no answer.</exception>
    Task<string> RunStepAsync(string requestJson);

    /// <summary>Waits durably until a time.</summary>
    /// <param name="due">The time, however far.</param>
    /// <param name="cancelled">Ends the wait as cancelled.</param>
    Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancelled);

    /// <summary>The next event that was raised to the instance, in the order in which they came: a <see cref="RaisedEvent"/>.</summary>
    Task<string> NextEventAsync();

    /// <summary>Sets the custom status.</summary>
    void SetCustomStatus(string status);
}

/// <summary>An activity ended without an answer: its process died or was stopped, or the host timed it out. That tells nothing of the step's work.</summary>
internal sealed class StepLostException(string message) : Exception(message);
