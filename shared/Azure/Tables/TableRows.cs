using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.Tables;

/// <summary>The calls of one table that the stores make. <c>infra/bicep/modules/datastorage.bicep</c> makes the tables.</summary>
internal sealed class TableRows(TableServiceClient service, string table)
{
    private readonly TableClient _client = service.GetTableClient(table);

    /// <summary>The partition of a key: 128 bits of SHA-256, so that the load spreads and any text may be a key.</summary>
    public static string Partition(params string[] key) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(key)).AsSpan(0, 16));

    public Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var found = await _client.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    });

    /// <summary>Adds a row, or replaces one that is still in the version in which it was read.</summary>
    /// <param name="entity">The row.</param>
    /// <param name="found">What was read in its place; null = nothing.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The new ETag; null when another was faster.</returns>
    public Task<string?> WriteAsync(TableEntity entity, TableEntity? found, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        using var response = found is null
            ? await _client.AddEntityAsync(entity, cancellationToken)
            : await _client.UpdateEntityAsync(entity, found.ETag, TableUpdateMode.Replace, cancellationToken);
        return response.Headers.ETag!.Value.ToString();
    });

    /// <returns>Whether the row was deleted; false when it is not there or in another version.</returns>
    public async Task<bool> DeleteAsync(TableEntity found, CancellationToken cancellationToken) => await ChangeAsync(async () =>
    {
        using var response = await _client.DeleteEntityAsync(found.PartitionKey, found.RowKey, found.ETag, cancellationToken);
        return response.Status == 404 ? null : "deleted";
    }) is not null;

    /// <summary>All of the changes of one partition or none.</summary>
    /// <returns>Whether they were done; false when another was faster.</returns>
    public async Task<bool> ChangeAsync(IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken) => await ChangeAsync(async () =>
    {
        await _client.SubmitTransactionAsync(actions, cancellationToken);
        return "changed";
    }) is not null;

    /// <summary>The first rows of a range, in the order of their keys.</summary>
    public Task<List<TableEntity>> RangeAsync(string partition, string from, string before, int limit, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var rows = new List<TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {before}");
        await foreach (var row in _client.QueryAsync<TableEntity>(filter, Math.Min(limit, 1000), cancellationToken: cancellationToken))
        {
            rows.Add(row);
            if (rows.Count == limit)
            {
                break;
            }
        }

        return rows;
    });

    /// <summary>A page of the rows whose <c>ExpiresAt</c> (ticks, UTC) has passed, without what else is in them.</summary>
    /// <param name="before">The time; the same for all pages of a pass.</param>
    /// <param name="from">What the page before told; null = the first page.</param>
    /// <param name="limit">At most this many rows; a page may be empty and not be the last.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The rows, and from where the next page goes on; null when there is none.</returns>
    public Task<(IReadOnlyList<TableEntity> Rows, string? Next)> ExpiredAsync(DateTimeOffset before, string? from, int limit, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var filter = TableClient.CreateQueryFilter($"ExpiresAt lt {before.UtcTicks}");
        await foreach (var page in _client.QueryAsync<TableEntity>(filter, Math.Min(limit, 1000), ["PartitionKey", "RowKey"], cancellationToken).AsPages(from))
        {
            return (page.Values, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }

        return ((IReadOnlyList<TableEntity>)[], null);
    });

    private static Task<string?> ChangeAsync(Func<Task<string?>> change) => CallAsync(async () =>
    {
        try
        {
            return await change();
        }
        catch (RequestFailedException error) when (error.Status is 404 or 409 or 412 && error.ErrorCode != "TableNotFound")
        {
            return null;
        }
    });

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is RequestFailedException or AuthenticationFailedException)
        {
            throw new StorageUnavailableException($"The tables are out of reach: {error.Message.Split('\n')[0]}", error);
        }
        catch (AggregateException error) when (error.InnerExceptions.All(static inner => inner is RequestFailedException))
        {
            throw new StorageUnavailableException("The tables are out of reach; the call was repeated.", error);
        }
    }
}
