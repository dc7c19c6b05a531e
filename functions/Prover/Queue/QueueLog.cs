using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Queue;

/// <summary>What the queue logs.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(7301, LogLevel.Error, "A proof of {Tenant} ended by a defect (job {JobId}).")]
    public static partial void Failed(ILogger logger, Exception exception, TenantId tenant, string jobId);

    [LoggerMessage(7302, LogLevel.Warning, "The stored proof jobs could not be looked at or kept now; that is tried again.")]
    public static partial void RoundFailed(ILogger logger, Exception exception);

    [LoggerMessage(7303, LogLevel.Error, "What became of a proof of {Tenant} could not be written (job {JobId}). Who waits for it gets it; a call is not counted, a job is proved again.")]
    public static partial void NotWritten(ILogger logger, Exception exception, TenantId tenant, string jobId);

    [LoggerMessage(7304, LogLevel.Warning, "The stored proof jobs of {Tenant} could not be looked at now; that is tried again.")]
    public static partial void TenantFailed(ILogger logger, Exception exception, TenantId tenant);

    [LoggerMessage(7305, LogLevel.Information, "One of several proofs of {Tenant} made room for another tenant (job {JobId}); it is begun again later.")]
    public static partial void MadeRoom(ILogger logger, TenantId tenant, string jobId);
}
