using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;

namespace MidnightOS.Custody.Wallets;

internal static partial class WalletLog
{
    [LoggerMessage(6101, LogLevel.Information, "Sealed a new seed for wallet {Wallet} of {Tenant}.")]
    public static partial void Created(ILogger logger, TenantId tenant, string wallet);

    [LoggerMessage(6102, LogLevel.Warning, "Exported wallet {Wallet} of {Tenant} to its owner.")]
    public static partial void Exported(ILogger logger, TenantId tenant, string wallet);

    [LoggerMessage(6103, LogLevel.Information, "Retired wallet {Wallet} of {Tenant}; its seed is erased at {EraseAt:O}.")]
    public static partial void Retired(ILogger logger, TenantId tenant, string wallet, DateTimeOffset eraseAt);

    [LoggerMessage(6104, LogLevel.Information, "Restored wallet {Wallet} of {Tenant}.")]
    public static partial void Restored(ILogger logger, TenantId tenant, string wallet);

    [LoggerMessage(6105, LogLevel.Warning, "Erased the seed of wallet {Wallet} of {Tenant}: its time was over.")]
    public static partial void Erased(ILogger logger, TenantId tenant, string wallet);

    [LoggerMessage(6106, LogLevel.Information, "Wrapped wallet {Wallet} of {Tenant} under key version {Version}.")]
    public static partial void Rewrapped(ILogger logger, TenantId tenant, string wallet, string version);

    [LoggerMessage(6107, LogLevel.Error, "The sealed seed of wallet {Wallet} of {Tenant} does not open and stays under key version {Version}.")]
    public static partial void Broken(ILogger logger, Exception exception, TenantId tenant, string wallet, string version);
}
