using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Azure.Models;

/// <summary>The composition of language models in Azure.</summary>
public static class ModelServices
{
    /// <summary>Adds the provider <c>azure-openai</c> to those of Core (<see cref="ModelOptions.Provider"/>).</summary>
    /// <param name="services">The host's services, with Core. A <see cref="TokenCredential"/> that is there already is used.</param>
    public static IServiceCollection AddAzureModels(this IServiceCollection services)
    {
        services.TryAddSingleton<TokenCredential>(static _ => new DefaultAzureCredential());
        return services.Replace(ServiceDescriptor.Singleton<IRemoteModels, AzureOpenAiModels>());
    }
}
