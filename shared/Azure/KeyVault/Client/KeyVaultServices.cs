using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault.Client;

/// <summary>The composition of the vault.</summary>
public static class KeyVaultServices
{
    /// <summary>Adds <see cref="IVault"/> over Key Vault, for the keys that the configuration names. Call it before what adds custody or sealing.</summary>
    /// <param name="services">The host's services. A <see cref="TokenCredential"/> that is there already is used.</param>
    /// <param name="configuration">Holds the section <c>KeyVault</c>; it is checked at start.</param>
    public static IServiceCollection AddKeyVault(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<TokenCredential>(static _ => new DefaultAzureCredential());
        services.TryAddSingleton(static provider => new VaultClients(provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<IVaultKeys, SdkVaultKeys>();
        return services.AddVault(configuration);
    }
}
