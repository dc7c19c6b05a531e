using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault;

/// <summary>Which key.</summary>
/// <param name="Store">The vault's or the Managed HSM's address.</param>
/// <param name="Name">The key's name.</param>
/// <param name="InManagedHsm">Whether the store is a Managed HSM.</param>
internal sealed record KeyAddress(Uri Store, string Name, bool InManagedHsm)
{
    /// <summary>The key of a purpose.</summary>
    /// <exception cref="InvalidOperationException">This app has no right on it, so it was composed wrongly.</exception>
    public static KeyAddress Of(KeyVaultOptions options, VaultPurpose purpose) => purpose switch
    {
        VaultPurpose.Wallets when options.WalletKey.Length > 0 && options.WalletUri.Length > 0 => new(new Uri(options.WalletUri), options.WalletKey, InManagedHsm: true),
        VaultPurpose.Wallets when options.WalletKey.Length > 0 => new(new Uri(options.Uri), options.WalletKey, InManagedHsm: false),
        VaultPurpose.Payloads when options.SealKey.Length > 0 => new(new Uri(options.Uri), options.SealKey, InManagedHsm: false),
        VaultPurpose.Tokens when options.TokenKey.Length > 0 => new(new Uri(options.Uri), options.TokenKey, InManagedHsm: false),
        _ => throw new InvalidOperationException($"This app names no key for {purpose} (section KeyVault): it has no right on it."),
    };

    /// <summary>The command by which an operator makes a new version.</summary>
    public string RotateCommand => $"az keyvault key rotate {Which}";

    /// <summary>The command by which an operator disables a version.</summary>
    public string DisableCommand(string version) => $"az keyvault key set-attributes {Which} --version {version} --enabled false";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} in {Store.Host}";

    private string Which => $"{(InManagedHsm ? "--hsm-name" : "--vault-name")} {Store.Host.Split('.')[0]} --name {Name}";
}
