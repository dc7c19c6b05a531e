using System.Security.Cryptography;

namespace MidnightOS.Storage.Files;

/// <summary>File operations that are on the disk when they return, and that make files for their owner alone (0600, folders 0700).</summary>
/// <remarks>A new name is only durable once its folder is synced (fsync(2), "does not necessarily ensure that the entry in the directory … has also reached disk").</remarks>
internal static class DurableFile
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Opens a new file to write.</summary>
    public static FileStream CreateNew(string path)
    {
        // Without a buffer nothing is left to fail when the file is closed.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>Makes an empty file unless one is there.</summary>
    public static void CreateEmpty(string path)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        CreateNew(temporary).Dispose();
        Publish(temporary, path, overwrite: false);
    }

    /// <summary>Makes a folder and those above it unless they are there.</summary>
    public static void CreateFolder(string path)
    {
        if (System.IO.Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateFolder(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(path);
            return;
        }

        System.IO.Directory.CreateDirectory(path, OwnerFolder);
        SyncFolder(parent);
    }

    /// <summary>Gives a finished temporary file its name, atomically; the temporary name is gone afterwards.</summary>
    /// <returns>Whether it has the name; false when one was there and stays.</returns>
    public static bool Publish(string temporary, string path, bool overwrite)
    {
        var published = overwrite ? Replace(temporary, path) : Link(temporary, path);
        SyncFolder(Path.GetDirectoryName(path));
        return published;
    }

    /// <summary>Puts a folder's names on the disk.</summary>
    public static void SyncFolder(string? path)
    {
        if (OperatingSystem.IsWindows() || string.IsNullOrEmpty(path))
        {
            return;
        }

        var descriptor = Posix.open(path, Posix.ReadOnly | Posix.CloseOnExec);
        if (descriptor < 0)
        {
            throw Posix.LastError("open", path);
        }

        try
        {
            if (Posix.fsync(descriptor) != 0)
            {
                throw Posix.LastError("fsync", path);
            }
        }
        finally
        {
            _ = Posix.close(descriptor);
        }
    }

    private static bool Replace(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        return true;
    }

    // File.Move without overwrite looks first and renames then, so of two at once the later would win; link(2) fails instead.
    private static bool Link(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return MoveOnWindows(temporary, path);
        }

        var linked = Posix.link(temporary, path) == 0;
        var error = linked ? null : Posix.LastError("link", path);
        File.Delete(temporary);
        return linked || (error!.HResult == Posix.FileExists ? false : throw error);
    }

    private static bool MoveOnWindows(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
    }
}
