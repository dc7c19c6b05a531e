using Microsoft.Extensions.Logging;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>What happens to parameters and built-in keys. Event ids 7220–7239.</summary>
internal static partial class ParameterLog
{
    [LoggerMessage(7220, LogLevel.Information, "Fetching {File} from {Source}; its SHA-256 is checked")]
    public static partial void Fetching(ILogger logger, string file, Uri source);

    [LoggerMessage(7221, LogLevel.Information, "Fetching {File}: {Bytes} of {Total} bytes")]
    public static partial void FetchProgress(ILogger logger, string file, long bytes, long? total);

    [LoggerMessage(7222, LogLevel.Warning, "Try {Attempt} to fetch {File} failed: {Reason}")]
    public static partial void FetchFailed(ILogger logger, int attempt, string file, string reason);

    [LoggerMessage(7223, LogLevel.Information, "Deriving {File} from the ledger's package; this happens once{Hint}")]
    public static partial void Deriving(ILogger logger, string file, string hint);

    [LoggerMessage(7224, LogLevel.Information, "Deriving {File}: {Percent} % done")]
    public static partial void DeriveProgress(ILogger logger, string file, int percent);

    [LoggerMessage(7225, LogLevel.Information, "{File} is in {Folder} now, after {Elapsed}")]
    public static partial void Stored(ILogger logger, string file, string folder, TimeSpan elapsed);

    [LoggerMessage(7226, LogLevel.Warning, "{Path} is not the published file and is not used")]
    public static partial void Damaged(ILogger logger, string path);

    [LoggerMessage(7227, LogLevel.Warning, "{File} could not be derived: {Reason}")]
    public static partial void DeriveFailed(ILogger logger, string file, string reason);
}
