using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace MidnightOS.Storage.Sqlite;

/// <summary>One connection with its prepared statements. One thread uses it at a time, inside a transaction that the database opened.</summary>
/// <remarks>SQL texts are constants: each is prepared once and kept. Parameters are <c>$1</c>, <c>$2</c> … in order.</remarks>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    /// <summary>The connection, for what the methods here do not cover. Never begin, commit or roll back on it.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>The texts of the statements that ran on it, for the test of their plans.</summary>
    public IReadOnlyCollection<string> Statements => _statements.Keys;

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>The first row, mapped; the default of <typeparamref name="T"/> when there is none.</summary>
    public T? QueryFirst<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Read(sql, arguments);
        return reader.Read() ? map(reader) : default;
    }

    /// <summary>All rows, mapped.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        using var reader = Read(sql, arguments);
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private SqliteDataReader Read(string sql, ReadOnlySpan<object?> arguments)
    {
        var command = Bind(sql, arguments);

        // The driver keeps a statement that it compiled on the way only when a reader came past its end; what is kept already is not compiled again.
        command.Prepare();
        return command.ExecuteReader();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(_statements, sql, out _);
        command ??= Prepare(sql, arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = ToStored(arguments[i]);
        }

        return command;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // SQL texts are constants of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", null));
        }

        return command;
    }

    private static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        ReadOnlyMemory<byte> bytes => MemoryMarshal.TryGetArray(bytes, out var part) && part.Offset == 0 && part.Count == part.Array!.Length
            ? part.Array
            : bytes.ToArray(),
        _ => value,
    };
}
