namespace MidnightOS.Azure.KeyVault;

/// <summary>Where the keys are: the section <c>KeyVault</c> of the configuration. An app names the keys that its identity has a right on, and no other.</summary>
public sealed class KeyVaultOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "KeyVault";

    /// <summary>The vault's address: <c>https://….vault.azure.net</c>.</summary>
    public string Uri { get; set; } = "";

    /// <summary>The key that wraps the data keys of wallets' seeds; empty in an app without a right on it.</summary>
    public string WalletKey { get; set; } = "";

    /// <summary>The Managed HSM that has <see cref="WalletKey"/>, <c>https://….managedhsm.azure.net</c>; empty = it is in the vault.</summary>
    public string WalletUri { get; set; } = "";

    /// <summary>The key that wraps the data keys of other payloads; empty in an app without a right on it.</summary>
    public string SealKey { get; set; } = "";

    /// <summary>The key that signs access tokens (EC-HSM, P-256); empty in an app without a right on it.</summary>
    public string TokenKey { get; set; } = "";

    /// <summary>What is wrong, naming the setting; null when nothing is.</summary>
    internal string? Problem() =>
        !IsAddress(Uri) ? "KeyVault:Uri must be the https address of the key vault."
        : WalletUri.Length > 0 && !IsAddress(WalletUri) ? "KeyVault:WalletUri must be the https address of the Managed HSM, or empty."
        : WalletUri.Length > 0 && WalletKey.Length == 0 ? "KeyVault:WalletKey must name the key in KeyVault:WalletUri."
        : Names().FirstOrDefault(static name => !IsName(name.Value)) is { Setting: { } setting } ? $"KeyVault:{setting} must be a key's name: letters, digits and hyphens."
        : null;

    private IEnumerable<(string Setting, string Value)> Names() => [(nameof(WalletKey), WalletKey), (nameof(SealKey), SealKey), (nameof(TokenKey), TokenKey)];

    private static bool IsAddress(string text) => System.Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == System.Uri.UriSchemeHttps;

    private static bool IsName(string text) => text.Length <= 127 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
