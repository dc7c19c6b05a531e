using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MidnightOS.Core;
using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault;

/// <summary>The composition of what works over <see cref="IVaultKeys"/>.</summary>
public static class VaultServices
{
    /// <summary>Adds the key that signs access tokens, in the vault. Needs the vault and <c>KeyVault:TokenKey</c>.</summary>
    public static IServiceCollection AddVaultTokenKeys(this IServiceCollection services)
    {
        services.AddOptions<KeyVaultOptions>().Validate(static options => options.TokenKey.Length > 0, "KeyVault:TokenKey must name the key that signs access tokens.");
        return services.AddSingleton<ITokenSigningKeys, VaultTokenKeys>();
    }

    internal static IServiceCollection AddVault(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<KeyVaultOptions>()
            .Bind(configuration.GetSection(KeyVaultOptions.Section))
            .Validate(static options => options.Problem() is { } problem ? throw new OptionsProblemException(problem) : true)
            .ValidateOnStart();
        return services.AddSingleton<IVault, KeyVaultVault>();
    }
}
