using Microsoft.Extensions.Options;
using MidnightOS.Core.Backup;

namespace MidnightOS.Midnight.Devnet;

/// <summary>The devnet's files for a backup: snapshots of the ledger and the faucet's key first, the log of blocks last, so that no snapshot is of a block that the log does not have.</summary>
internal sealed class DevnetFiles(IOptions<DevnetOptions> options) : IBackupFiles
{
    private const string Log = "blocks.log";

    public string Folder => "devnet";

    public IReadOnlyList<string> List()
    {
        var folder = options.Value.Folder;
        return System.IO.Directory.Exists(folder)
            ? [.. System.IO.Directory.GetFiles(folder)
                .Where(static file => !file.EndsWith(".tmp", StringComparison.Ordinal))
                .OrderBy(static file => Path.GetFileName(file) == Log)]
            : [];
    }
}
