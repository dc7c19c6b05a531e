using Microsoft.Extensions.Logging;
using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Vault;

internal static partial class VaultLog
{
    [LoggerMessage(6001, LogLevel.Warning, "Made the key file {Path} of vault {VaultId}. Back it up now: without it no wallet of this store can be opened (docs/custody.md).")]
    public static partial void Created(ILogger logger, string path, string vaultId);

    [LoggerMessage(6002, LogLevel.Warning, "The key for {Purpose} has a new version {Version}. Back the key file up again.")]
    public static partial void Rotated(ILogger logger, VaultPurpose purpose, string version);

    [LoggerMessage(6003, LogLevel.Warning, "Destroyed version {Version} of the key for {Purpose}.")]
    public static partial void Retired(ILogger logger, VaultPurpose purpose, string version);

    [LoggerMessage(6004, LogLevel.Error, "Version {Version} of the key for {Purpose} is needed and not in the key file.")]
    public static partial void VersionGone(ILogger logger, VaultPurpose purpose, string version);
}
