using Microsoft.Extensions.Logging;

namespace MidnightOS.Custody.Tokens;

internal static partial class TokenLog
{
    [LoggerMessage(6201, LogLevel.Warning, "Access tokens are signed with a new key {KeyId} from now on.")]
    public static partial void Rotated(ILogger logger, string keyId);
}
