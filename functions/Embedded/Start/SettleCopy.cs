using Microsoft.Extensions.Options;
using MidnightOS.Core.Backup;
using MidnightOS.Core.Transactions;
using MidnightOS.Storage;

namespace MidnightOS.Embedded.Start;

/// <summary>Before anything runs on a data folder that is a copy: ends the transfers that could pay a second time.</summary>
internal sealed partial class SettleCopy(IOptions<StorageOptions> options, IServiceScopeFactory scopes, ILogger<SettleCopy> logger) : BeforeStart
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        var mark = Path.Combine(Path.GetFullPath(options.Value.Folder), BackupMark.FileName);
        if (!File.Exists(mark))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        LogSettled(logger, await scope.ServiceProvider.GetRequiredService<SettleRestored>().RunAsync(cancellationToken));
        File.Delete(mark);
    }

    [LoggerMessage(9003, LogLevel.Warning, "This data folder was restored from a backup. {Count} transfers that had not been signed then were ended.")]
    private static partial void LogSettled(ILogger logger, int count);
}
