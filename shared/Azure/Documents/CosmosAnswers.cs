using System.Globalization;
using System.Net;
using Azure.Identity;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.Documents;

/// <summary>What answers of Cosmos DB mean: done, not as demanded, or an outage.</summary>
/// <remarks>Codes: https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb.</remarks>
internal sealed class CosmosAnswers(TimeSpan slow, ILogger logger)
{
    /// <summary>An item was not as a write demands: gone, there already, in another version, or being written by another (449).</summary>
    public static readonly HttpStatusCode[] Conflicts = [HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, (HttpStatusCode)449];

    /// <summary>Calls, and tells of what did not work as of an outage.</summary>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (CosmosException error)
        {
            throw Outage($"{(int)error.StatusCode}.{error.SubStatusCode}", error);
        }
        catch (Exception error) when (error is HttpRequestException or AuthenticationFailedException)
        {
            throw Outage(error.Message, error);
        }
    }

    /// <returns>Whether the answer is one of those expected besides success; any other is an outage and throws.</returns>
    public bool Check(ResponseMessage response, string operation, params ReadOnlySpan<HttpStatusCode> expected)
    {
        var subStatus = response.Headers.TryGetValue("x-ms-substatus", out var value) ? value : "0";
        return Check(response.StatusCode, subStatus, operation, response.Headers.RequestCharge, response.Diagnostics, expected);
    }

    /// <returns>Whether the batch was written; false when an item was not as a write demands.</returns>
    public bool Check(TransactionalBatchResponse response)
    {
        var subStatus = response.Headers.TryGetValue("x-ms-substatus", out var value) ? value : "0";
        return !Check(response.StatusCode, subStatus, "batch", response.RequestCharge, response.Diagnostics, Conflicts);
    }

    private bool Check(
        HttpStatusCode status, string? subStatus, string operation, double charge, CosmosDiagnostics diagnostics, ReadOnlySpan<HttpStatusCode> expected)
    {
        if (diagnostics.GetClientElapsedTime() is var elapsed && elapsed > slow)
        {
            AzureLog.SlowCall(logger, elapsed.TotalMilliseconds, operation, (int)status, charge, diagnostics.ToString());
        }

        if ((int)status is >= 200 and < 300)
        {
            return false;
        }

        // 404 with a sub-status is not about the item: a container that is missing (1003), a session that no replica has (1002).
        if (expected.Contains(status) && (status != HttpStatusCode.NotFound || string.IsNullOrEmpty(subStatus) || subStatus == "0"))
        {
            return true;
        }

        AzureLog.Refused(logger, operation, (int)status, subStatus ?? "", diagnostics.ToString());
        throw Outage(string.Create(CultureInfo.InvariantCulture, $"{(int)status}.{subStatus}"), null);
    }

    private static StorageUnavailableException Outage(string reason, Exception? error) => new($"Cosmos DB does not do its work: {reason}.", error);
}
