using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Messaging;

namespace MidnightOS.Azure.ServiceBus;

/// <summary>The composition of the queues.</summary>
public static class ServiceBusServices
{
    /// <summary>Adds <see cref="IMessageQueue"/> over Service Bus, signed in by identity.</summary>
    /// <param name="services">The host's services. A <see cref="TokenCredential"/> or a client that is there already is used.</param>
    /// <param name="configuration">Holds the section <c>ServiceBus</c>; it is checked at start.</param>
    public static IServiceCollection AddServiceBus(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<ServiceBusOptions>()
            .Bind(configuration.GetSection(ServiceBusOptions.Section))
            .Validate(
                static options => Uri.CheckHostName(options.FullyQualifiedNamespace) == UriHostNameType.Dns && options.FullyQualifiedNamespace.Contains('.'),
                "ServiceBus:fullyQualifiedNamespace must be the host name of the Service Bus namespace.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(static _ => new DefaultAzureCredential());
        services.TryAddSingleton(static provider => new ServiceBusClient(
            provider.GetRequiredService<IOptions<ServiceBusOptions>>().Value.FullyQualifiedNamespace, provider.GetRequiredService<TokenCredential>(), ClientOptions()));
        return services.AddSingleton<IMessageQueue, ServiceBusQueue>();
    }

    // Short enough that whoever waits for the outbox hears of an outage within a request's time.
    private static ServiceBusClientOptions ClientOptions() => new()
    {
        RetryOptions = new ServiceBusRetryOptions { MaxRetries = 3, TryTimeout = TimeSpan.FromSeconds(10), MaxDelay = TimeSpan.FromSeconds(5) },
    };
}
