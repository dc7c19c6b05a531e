using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Registry;

/// <summary>The flows of this host by name.</summary>
public interface IFlowRegistry
{
    /// <summary>Their names.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Runs a flow from its start on the host's context.</summary>
    /// <param name="name">The flow's name.</param>
    /// <param name="context">The host's context.</param>
    /// <param name="inputJson">Its input.</param>
    /// <returns>Its output, as JSON.</returns>
    /// <exception cref="InvalidOperationException">No flow of this name is registered.</exception>
    Task<string> RunAsync(string name, IFlowContext context, string inputJson);
}

/// <summary>The steps of this host by name.</summary>
public interface IStepRegistry
{
    /// <summary>Runs a step in a service scope of its own.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="key">The call and the attempt.</param>
    /// <param name="inputJson">Its input.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>Its output, as JSON.</returns>
    /// <exception cref="InvalidOperationException">No step of this name is registered.</exception>
    /// <exception cref="FlowPayloadTooLargeException">The output is above the limit.</exception>
    Task<string> InvokeAsync(string name, StepKey key, string inputJson, CancellationToken cancellationToken);
}
