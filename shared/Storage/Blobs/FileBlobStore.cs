using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Storage;
using MidnightOS.Storage.Files;

namespace MidnightOS.Storage.Blobs;

/// <summary>Blobs as files. A blob is written elsewhere, synced, and gets its name in one step; a crash leaves the old one or the new one.</summary>
internal sealed class FileBlobStore(IOptions<StorageOptions> options, TimeProvider time) : IBlobStore
{
    private const int BufferSize = 81_920;

    // No write takes this long. If one did, the sweep would take its file away and the write would fail, whole as ever.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly BlobPaths _paths = new(Path.GetFullPath(options.Value.Folder));

    public async Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = _paths.Blob(name);
        if (!overwrite && File.Exists(path))
        {
            return false;
        }

        var temporary = Temporary();
        try
        {
            await WriteAsync(temporary, content, cancellationToken);
            return OnDisk(() =>
            {
                DurableFile.CreateFolder(Path.GetDirectoryName(path)!);
                return DurableFile.Publish(temporary, path, overwrite);
            });
        }
        catch
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw;
        }
    }

    public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        var path = _paths.Blob(name);
        return Task.FromResult(OnDisk<Stream?>(() => IfThere(
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.Asynchronous))));
    }

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        var path = _paths.Blob(name);
        return Task.FromResult(OnDisk(() => Delete(path)));
    }

    public async IAsyncEnumerable<BlobName> ListAsync(
        TenantId tenant, string container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = _paths.Container(tenant, container);
        var names = OnDisk(() => IfThere(() => System.IO.Directory.GetFiles(folder))) ?? [];
        foreach (var name in names.Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new BlobName(tenant, container, name);
        }

        await Task.CompletedTask;
    }

    /// <summary>Deletes what writes left behind that never ended.</summary>
    /// <returns>How many files.</returns>
    public int Sweep() => OnDisk(() =>
    {
        var before = (time.GetUtcNow() - Abandoned).UtcDateTime;
        var abandoned = (IfThere(() => System.IO.Directory.GetFiles(_paths.Incoming)) ?? [])
            .Where(path => File.GetLastWriteTimeUtc(path) < before)
            .ToList();
        abandoned.ForEach(File.Delete);
        return abandoned.Count;
    });

    private static async Task WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        await using var file = OnDisk(() =>
        {
            DurableFile.CreateFolder(Path.GetDirectoryName(path)!);
            return DurableFile.CreateNew(path);
        });
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var count = read;
            OnDisk(() =>
            {
                file.Write(buffer, 0, count);
                return true;
            });
        }

        OnDisk(() =>
        {
            file.Flush(flushToDisk: true);
            return true;
        });
    }

    // Renamed away first: of two that delete at once, one finds the file and the other does not.
    private bool Delete(string path)
    {
        var temporary = Temporary();
        DurableFile.CreateFolder(_paths.Incoming);
        var deleted = IfThere(() =>
        {
            File.Move(path, temporary, overwrite: true);
            return temporary;
        });
        if (deleted is null)
        {
            return false;
        }

        DurableFile.SyncFolder(Path.GetDirectoryName(path));
        File.Delete(temporary);
        return true;
    }

    private string Temporary() => Path.Combine(_paths.Incoming, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    private static T? IfThere<T>(Func<T> open)
        where T : class
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The disk of the blobs failed: {error.Message}", error);
        }
    }
}
