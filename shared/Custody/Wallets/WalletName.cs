using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Custody.Wallets;

/// <summary>How a wallet is named in the stores.</summary>
internal static class WalletName
{
    private const char Separator = '.';

    /// <summary>The subject of the wallet's markers: <c>bot.wallet</c>, which is also its blob's name.</summary>
    public static string Subject(this WalletRef wallet) => $"{Checked(wallet.Bot)}{Separator}{Checked(wallet.Wallet)}";

    public static BlobName Blob(this WalletRef wallet) => new(wallet.Tenant, "wallets", wallet.Subject());

    public static DirectoryKey RetirementKey(this WalletRef wallet) => new("wallet-retired", $"{wallet.Tenant}/{wallet.Subject()}");

    /// <summary>What the wallet's seal is bound to.</summary>
    public static IReadOnlyList<string> Owner(this WalletRef wallet) => ["wallet", wallet.Tenant.Value, wallet.Bot, wallet.Wallet];

    public static WalletRef Parse(TenantId tenant, string subject)
    {
        var at = subject.IndexOf(Separator, StringComparison.Ordinal);
        return new WalletRef(tenant, subject[..at], subject[(at + 1)..]);
    }

    private static string Checked(string id) =>
        id is { Length: > 0 and <= 90 } && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')
            ? id
            : throw new ArgumentException("An id has letters, digits, _ and - only.", nameof(id));
}
