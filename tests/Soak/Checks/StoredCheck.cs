using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>What must lie in the data folder of a host that was stopped in good order when all was done: nothing left to do, nothing reserved, no gap in a stream.</summary>
internal sealed class StoredCheck(string dataFolder, Oracle oracle, LedgerBook ledger, Findings findings)
{
    /// <summary>Reads the database itself.</summary>
    public async Task RunAsync()
    {
        var source = new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, "midnight.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        await using var connection = new SqliteConnection(source.ConnectionString);
        await connection.OpenAsync();
        foreach (var row in await RowsAsync(connection, "PRAGMA integrity_check"))
        {
            Require(row[0] == "ok", $"The database is damaged: {row[0]}");
        }

        // 0 runs, 1 completed, 2 failed: FlowStatus.
        foreach (var row in await RowsAsync(connection, "SELECT id, name, status, error FROM flows WHERE status <> 1"))
        {
            findings.Violated($"The flow {row[1]} {row[0]} has the status {row[2]}: {row[3]}");
        }

        foreach (var row in await RowsAsync(connection, "SELECT id, json FROM documents WHERE kind = 'outbox'"))
        {
            findings.Violated($"The outbox record {row[0]} was not carried out: {row[1]}");
        }

        Books(await RowsAsync(connection, "SELECT id, json FROM documents WHERE kind = 'book'"));
        Coins(await RowsAsync(connection, "SELECT id, json FROM documents WHERE kind = 'coin'"));
        Streams(await RowsAsync(connection, "SELECT tenant, id FROM documents WHERE kind = 'event' ORDER BY tenant, id"));
        findings.Set("flows ended", long.Parse((await RowsAsync(connection, "SELECT count(*) FROM flows"))[0][0]!));
    }

    private void Books(List<string?[]> books)
    {
        foreach (var book in books)
        {
            foreach (var (_, holding) in JsonNode.Parse(book[1]!)!["holdings"]!.AsObject())
            {
                Require((string?)holding!["reserved"] == "0", $"The book {book[0]} still reserves {holding["reserved"]}.");
            }
        }
    }

    // Coin by coin: two errors of one amount would leave the sums right.
    private void Coins(List<string?[]> coins)
    {
        var byBot = coins.Select(static row => JsonNode.Parse(row[1]!)!).ToLookup(static coin => (string)coin["botId"]!, StringComparer.Ordinal);
        foreach (var coin in byBot.SelectMany(static group => group))
        {
            Require(coin["lockedBy"] is null, $"A coin of {coin["botId"]} is still held by {coin["lockedBy"]}.");
        }

        foreach (var bot in oracle.Bots.Where(static bot => bot.Address.Length > 0 && bot.SweptTo is null))
        {
            var stored = byBot[bot.Id].Select(static coin => long.Parse((string)coin["coin"]!["value"]!)).Order();
            Require(stored.SequenceEqual(ledger.CoinsOf(bot.Address).Values.Order()), $"The stored coins of {bot} are not those of the ledger.");
        }
    }

    private void Streams(List<string?[]> events)
    {
        foreach (var stream in events.GroupBy(static row => row[0], StringComparer.Ordinal))
        {
            var numbers = stream.Select(static row => long.Parse(row[1]!["evt_".Length..])).ToList();
            Require(numbers.SequenceEqual(Enumerable.Range(1, numbers.Count).Select(static number => (long)number)), $"The events of {stream.Key} have a gap.");
            findings.Count("events", numbers.Count);
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            findings.Violated(otherwise);
        }
    }

    private static async Task<List<string?[]>> RowsAsync(SqliteConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        List<string?[]> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null
                : reader.GetValue(column) is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : reader.GetValue(column).ToString())]);
        }

        return rows;
    }
}
