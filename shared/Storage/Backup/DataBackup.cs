using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Backup;
using MidnightOS.Storage.Blobs;
using MidnightOS.Storage.Files;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Backup;

/// <summary>Copies the database as it is at one moment, the blobs, and the files that other slices add.</summary>
/// <remarks>Blobs are copied before the database and again after it, so that the copy has every blob that its database refers to, also one that came or went
/// meanwhile. Other files come last: a chain may be ahead of the books, never behind them.</remarks>
internal sealed class DataBackup(SqliteDatabase database, IEnumerable<IBackupFiles> others, IOptions<StorageOptions> options, TimeProvider time) : IDataBackup
{
    // The clocks of two file systems differ.
    private static readonly TimeSpan ClockDoubt = TimeSpan.FromMinutes(5);

    public async Task WriteAsync(string target, CancellationToken cancellationToken)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (Path.Exists(path))
        {
            throw new IOException($"{path} is there already.");
        }

        var data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder)) + Path.DirectorySeparatorChar;
        if (path.StartsWith(data, StringComparison.Ordinal))
        {
            throw new IOException($"{path} lies in the data folder: what takes the data takes the copy too.");
        }

        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        DurableFile.CreateFolder(temporary);
        try
        {
            await CopyAsync(temporary, cancellationToken);
            System.IO.Directory.Move(temporary, path);
            DurableFile.SyncFolder(Path.GetDirectoryName(path));
        }
        finally
        {
            if (System.IO.Directory.Exists(temporary))
            {
                System.IO.Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private async Task CopyAsync(string folder, CancellationToken cancellationToken)
    {
        var mark = Path.Combine(folder, BackupMark.FileName);
        FileCopy.WriteText(mark, new BackupMark(time.GetUtcNow()).ToText());
        var began = File.GetLastWriteTimeUtc(mark);
        CopyBlobs(folder, since: DateTime.MinValue, cancellationToken);
        await database.BackupAsync(Path.Combine(folder, StorageOptions.DatabaseFile), cancellationToken);
        CopyBlobs(folder, began - ClockDoubt, cancellationToken);
        foreach (var part in others)
        {
            foreach (var file in part.List())
            {
                cancellationToken.ThrowIfCancellationRequested();
                FileCopy.Write(file, Path.Combine(folder, part.Folder, Path.GetFileName(file)));
            }
        }
    }

    // A blob that the first copy has and that was not written since is the same one still.
    private void CopyBlobs(string folder, DateTime since, CancellationToken cancellationToken)
    {
        var (from, to) = (new BlobPaths(Path.GetFullPath(options.Value.Folder)), new BlobPaths(folder));
        if (!System.IO.Directory.Exists(from.Root))
        {
            return;
        }

        foreach (var file in System.IO.Directory.EnumerateFiles(from.Root, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copy = Path.Combine(to.Root, Path.GetRelativePath(from.Root, file));
            if (Path.GetDirectoryName(file) != from.Incoming && (File.GetLastWriteTimeUtc(file) >= since || !File.Exists(copy)))
            {
                FileCopy.Write(file, copy);
            }
        }
    }
}
