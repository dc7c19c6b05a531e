namespace MidnightOS.Storage.Sqlite;

/// <summary>A step of the schema. Each slice numbers its own: "documents-001". A script that was released is never edited; a change is a new one.</summary>
/// <param name="Name">Slice and number.</param>
/// <param name="Sql">What it does; it runs once in each database, after the slice's earlier ones.</param>
internal sealed record SchemaScript(string Name, string Sql);

/// <summary>The database was written by a newer version of the program, which this one must not touch.</summary>
internal sealed class NewerSchemaException(string path, string script) : InvalidOperationException(
    $"The database {path} was made by a newer version of MidnightOS: it has the schema step '{script}', which this version does not know. "
    + "Start that version, or restore a backup from before the upgrade.");
