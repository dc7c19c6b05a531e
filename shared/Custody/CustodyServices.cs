using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core;
using MidnightOS.Core.Backup;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Custody.Sealing;
using MidnightOS.Custody.Tokens;
using MidnightOS.Custody.Vault;
using MidnightOS.Custody.Wallets;

namespace MidnightOS.Custody;

/// <summary>The composition of Custody.</summary>
public static class CustodyServices
{
    /// <summary>
    /// Adds wallet custody, the token signing keys and the payload sealer over the vault: all that one host needs. The vault is the key file unless the host
    /// added another <see cref="IVault"/> before. Needs <see cref="IBlobStore"/>, the directory and the leases of the host's storage.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">Read: <c>Custody:KeyFile</c>, <c>Data:Folder</c>.</param>
    public static IServiceCollection AddCustody(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.All(service => service.ServiceType != typeof(IVault)))
        {
            services.AddFileVault(configuration);
        }

        services.AddPayloadSealing().AddWalletCustody();
        services.AddSingleton<SealedTokenKeys>();
        services.AddSingleton<TokenSigningKeys>();
        services.AddSingleton<ITokenSigningKeys>(provider => provider.GetRequiredService<TokenSigningKeys>());
        services.AddSingleton<IKeyRotation, RotateKeys>();
        return services;
    }

    /// <summary>Adds the payload sealer over the host's <see cref="IVault"/>, which needs a right on <see cref="VaultPurpose.Payloads"/> alone.</summary>
    public static IServiceCollection AddPayloadSealing(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions();
        services.TryAddSingleton<Sealer>();
        services.AddSingleton<IPayloadSealer, PayloadSealer>();
        return services.AddVaultProbe();
    }

    /// <summary>Adds wallet custody and what works with it over the host's <see cref="IVault"/>, which needs a right on <see cref="VaultPurpose.Wallets"/>.</summary>
    public static IServiceCollection AddWalletCustody(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Sealer>();
        services.AddSingleton<WrappedUnder>();
        services.AddSingleton<SealedWallets>();
        services.AddSingleton<Retirements>();
        services.AddSingleton<EraseWallet>();
        services.AddSingleton<RewrapWallet>();
        services.AddSingleton<SweepWallets>();
        services.AddSingleton<IWalletCustody, WalletCustody>();
        return services.AddWalletKeeping();
    }

    private static void AddFileVault(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CustodyOptions>()
            .Bind(configuration.GetSection(CustodyOptions.Section))
            .PostConfigure(options => options.KeyFile = string.IsNullOrEmpty(options.KeyFile)
                ? Path.Combine(configuration["Data:Folder"] ?? string.Empty, "keys", "vault.json")
                : options.KeyFile)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CustodyOptions>, CustodyOptionsValidator>();
        services.AddSingleton<VaultRecord>();
        services.AddSingleton(provider => new KeyFile(provider.GetRequiredService<IOptions<CustodyOptions>>().Value.KeyFile));
        services.AddSingleton(provider => new FileVault(
            provider.GetRequiredService<KeyFile>(),
            provider.GetRequiredService<VaultRecord>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FileVault>>()));
        services.AddSingleton<IVault>(provider => provider.GetRequiredService<FileVault>());
        services.AddSingleton<IKeyBackup, KeyBackup>();
        services.AddSingleton<IHostedService, OpenVaultAtStart>();
    }
}
