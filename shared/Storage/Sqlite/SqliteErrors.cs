using Microsoft.Data.Sqlite;
using MidnightOS.Core.Storage;
using SQLitePCL;

namespace MidnightOS.Storage.Sqlite;

/// <summary>Tells outages from bugs. Result codes: https://www.sqlite.org/rescode.html.</summary>
internal static class SqliteErrors
{
    /// <summary>Whether the error comes from the disk, the locks or the file, so that the same statement may succeed later.</summary>
    public static bool IsOutage(SqliteException error) => error.SqliteErrorCode is
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_CORRUPT
        or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL or raw.SQLITE_PERM or raw.SQLITE_NOTADB;

    public static bool IsBusy(SqliteException error) => error.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public static StorageUnavailableException Unavailable(SqliteException error) => new(Describe(error), error);

    private static string Describe(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "The disk of the data folder is full.",
        raw.SQLITE_READONLY => "The database file in the data folder is read-only, or its folder is.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "The database stayed locked by another process for too long.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "The database file is damaged; restore it from a backup.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "The database file in the data folder cannot be opened.",
        _ => "The disk of the data folder failed.",
    };
}
