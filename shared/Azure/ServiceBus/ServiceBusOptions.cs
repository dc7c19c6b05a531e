namespace MidnightOS.Azure.ServiceBus;

/// <summary>Where the queues are: the section <c>ServiceBus</c> of the configuration, which the host's triggers read too.</summary>
public sealed class ServiceBusOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "ServiceBus";

    /// <summary>The namespace's host name: <c>….servicebus.windows.net</c>.</summary>
    public string FullyQualifiedNamespace { get; set; } = "";
}
