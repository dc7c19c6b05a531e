using Microsoft.DurableTask.Client;

namespace MidnightOS.Azure.Flows.Hosting;

/// <summary>The client of the task hub. The Functions host gives it to functions alone, as a binding; it is kept for what they set in motion, such as the dispatch of the outbox.</summary>
internal sealed class HubClient
{
    private volatile DurableTaskClient? _client;

    /// <exception cref="InvalidOperationException">No function ran yet that gave one.</exception>
    public DurableTaskClient Client => _client
        ?? throw new InvalidOperationException("The task hub's client is not known yet: functions are given it, and none has run.");

    /// <summary>Keeps the client that a function was given. Each is good for as long as the host runs.</summary>
    public void Keep(DurableTaskClient client) => _client = client;
}
