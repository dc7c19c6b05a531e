using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Queue;

/// <summary>What the queue logs.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(7301, LogLevel.Error, "A proof of {Tenant} ended by a defect (job {JobId}).")]
    public static partial void Failed(ILogger logger, Exception exception, TenantId tenant, string jobId);

    [LoggerMessage(7302, LogLevel.Warning, "The stored proof jobs could not be looked at now; that is tried again.")]
    public static partial void FeedFailed(ILogger logger, Exception exception);
}
