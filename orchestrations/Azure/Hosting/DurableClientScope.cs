using Microsoft.DurableTask.Client;

namespace MidnightOS.Azure.Flows.Hosting;

/// <summary>The client of the task hub that the running function was given. The host hands it to functions alone, as a binding; what they call finds it here.</summary>
internal sealed class DurableClientScope
{
    private readonly AsyncLocal<DurableTaskClient?> _client = new();

    /// <exception cref="InvalidOperationException">No function gave one: a defect.</exception>
    public DurableTaskClient Client => _client.Value
        ?? throw new InvalidOperationException("The task hub's client is there inside a function alone, which takes it as a binding and enters the scope.");

    /// <summary>Gives the client to everything that the calling function calls.</summary>
    public void Enter(DurableTaskClient client) => _client.Value = client;
}
