using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using MidnightOS.Storage.Files;

namespace MidnightOS.Storage.Sqlite;

/// <summary>Copies a database that is in use, by SQLite's online backup (https://www.sqlite.org/backup.html).</summary>
internal static class SqliteBackup
{
    public static void Write(SqliteFile file, string path)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        DurableFile.CreateNew(temporary).Dispose();
        try
        {
            Copy(file, temporary);
            if (!DurableFile.Publish(temporary, path, overwrite: false))
            {
                throw new IOException($"{path} is there already.");
            }
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }

    // All pages in one step, under one read snapshot: a step at a time would begin anew at every write of another process.
    private static void Copy(SqliteFile file, string path)
    {
        using var source = file.OpenReader();
        using var target = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        target.Open();
        source.Connection.BackupDatabase(target);
    }
}
