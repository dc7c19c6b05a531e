using System.Security.Cryptography;
using System.Text;

namespace MidnightOS.Storage.Files;

/// <summary>Copies of files that are whole, on the disk, and for their owner alone.</summary>
internal static class FileCopy
{
    /// <summary>Copies a file as far as it is written now, in place of an earlier copy. One that is gone is left out.</summary>
    public static void Write(string from, string to)
    {
        try
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Write(source, to);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && !File.Exists(from))
        {
            // Deleted since it was listed: nothing needs it any more.
        }
    }

    /// <summary>Writes a text file.</summary>
    public static void WriteText(string path, string text)
    {
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Write(source, path);
    }

    private static void Write(Stream source, string to)
    {
        DurableFile.CreateFolder(Path.GetDirectoryName(to)!);
        var temporary = $"{to}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        using (var file = DurableFile.CreateNew(temporary))
        {
            source.CopyTo(file);
            file.Flush(flushToDisk: true);
        }

        DurableFile.Publish(temporary, to, overwrite: true);
    }
}
