using System.Diagnostics;

namespace MidnightOS.Tests.Soak.Faults;

/// <summary>A small file system of its own, where the machine allows that.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string _folder;
    private readonly string? _image;

    private Mount(string folder, string? image) => (_folder, _image) = (folder, image);

    /// <summary>Why a file system cannot be mounted here; null when one can.</summary>
    public static string? Obstacle()
    {
        var folder = Directory.CreateTempSubdirectory("midnightos-mount-").FullName;
        try
        {
            using var mount = Tmpfs(folder, "1m");
            return null;
        }
        catch (Exception exception) when (exception is IOException or System.ComponentModel.Win32Exception)
        {
            return exception.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static Mount Tmpfs(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=700", "tmpfs", folder);
        return new Mount(folder, image: null);
    }

    /// <summary>ext4 in a file: there what is immutable cannot be written through files that are open either, as on a disk that turned read-only.</summary>
    public static Mount Ext4(string folder, string image, long bytes)
    {
        Directory.CreateDirectory(folder);
        using (var file = File.Create(image))
        {
            file.SetLength(bytes);
        }

        Run("mkfs.ext4", "-q", "-F", "-m", "0", image);
        Run("mount", "-o", "loop", image, folder);
        Directory.Delete(Path.Combine(folder, "lost+found"));
        return new Mount(folder, image);
    }

    /// <summary>Runs a program of the machine.</summary>
    /// <exception cref="IOException">It failed; the message is its own.</exception>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{program} ended with {process.ExitCode}: {said.Trim()}");
        }
    }

    /// <summary>Copies what is on it to where it outlives the run.</summary>
    public void KeepAs(string folder, bool isWanted)
    {
        if (isWanted)
        {
            Run("cp", "-a", _folder, folder);
        }
    }

    public void Dispose()
    {
        Run("umount", _folder);
        if (_image is not null)
        {
            File.Delete(_image);
        }
    }
}
