using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Vault;

/// <summary>The key file on disk: mode 0600, written whole (a new file renamed into place and flushed), changed under a lock that all hosts share.</summary>
internal sealed class KeyFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const long MaxBytes = 1 << 20;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public bool Exists => File.Exists(Path);

    private string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Changes when the file does; what is compared on each use, so that a rotation by another host is seen.</summary>
    public (DateTime ModifiedAt, long Length) Stamp
    {
        get
        {
            var info = new FileInfo(Path);
            return info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
        }
    }

    /// <exception cref="VaultException">The file is missing, damaged, or open to other users.</exception>
    public KeyRing Read()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            RequireOwnerOnly(file);
            using var content = new SecretBytes((int)Math.Min(file.Length, MaxBytes));
            file.ReadExactly(content.Span);
            return KeyRingFormat.Read(content.Memory, Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"The key file {Path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the file, in place of one that is there; durable when this returns. The caller holds the lock.</summary>
    public void Write(KeyRing ring) => Publish(ring, Path, overwrite: true);

    /// <summary>Writes a ring to another file that must not be there yet; whole and durable when this returns.</summary>
    /// <exception cref="IOException">The file is there already, or the disk refuses.</exception>
    public static void WriteCopy(KeyRing ring, string path) => Publish(ring, path, overwrite: false);

    private static void Publish(KeyRing ring, string path, bool overwrite)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var content = KeyRingFormat.Write(ring))
            using (var file = new FileStream(temporary, OwnersAlone(FileMode.CreateNew, FileAccess.Write)))
            {
                file.Write(content.Written);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            // Part of the keys, which nobody would find.
            File.Delete(temporary);
            throw;
        }

        FolderSync.Flush(System.IO.Path.GetDirectoryName(path)!);
    }

    private static FileStreamOptions OwnersAlone(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    /// <summary>Waits for the lock of the file.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        MakeFolder();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LockPatience);
        while (true)
        {
            try
            {
                return new FileStream($"{Path}.lock", OwnersAlone(FileMode.OpenOrCreate, FileAccess.ReadWrite));
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException))
            {
                if (patience.IsCancellationRequested)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    throw new VaultException($"Another process holds the lock of the key file {Path}.", exception);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw CannotWrite(exception);
            }
        }
    }

    private void MakeFolder()
    {
        try
        {
            if (!Directory.Exists(Folder))
            {
                CreateFolder();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(exception);
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
            return;
        }

        Directory.CreateDirectory(Folder, OwnerOnly | UnixFileMode.UserExecute);
        if (System.IO.Path.GetDirectoryName(Folder) is { } parent)
        {
            FolderSync.Flush(parent);
        }
    }

    private VaultException CannotWrite(Exception exception) => new($"The folder of the key file {Path} cannot be written: {exception.Message}", exception);

    private void RequireOwnerOnly(FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new VaultException(
                $"The key file {Path} has mode {Convert.ToString((int)mode, 8)} and may be open to other users; it must be 600. Run: chmod 600 {Path}");
        }
    }
}
