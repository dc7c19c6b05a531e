using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Tests.Azure;

/// <summary>The store's calls with what the emulator needs: it reads batches as JSON (as the JavaScript client sends them), where the .NET client sends HybridRow. It writes them one after another, so they are not atomic.</summary>
internal sealed class EmulatedItems(CosmosClient client, Uri address, CosmosOptions options)
    : CosmosItems(client, CosmosOptions.Documents, Options.Create(options), NullLogger<CosmosItems>.Instance), IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    public void Dispose() => _http.Dispose();

    protected override async Task<bool> WriteBatchAsync(TenantId tenant, IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"dbs/{options.Database}/colls/{CosmosOptions.Documents}/docs");
        request.Headers.Add("x-ms-cosmos-is-batch-request", "True");
        request.Headers.Add("x-ms-cosmos-batch-atomic", "True");
        request.Content = JsonContent.Create(writes.Select(write => Operation(tenant, write)));
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var results = (await response.Content.ReadFromJsonAsync<JsonArray>(cancellationToken))!;
        return results.Select(static result => (int)result!["statusCode"]!).FirstOrDefault(static status => status >= 300) switch
        {
            0 => true,
            404 or 409 or 412 => false,
            var status => throw new HttpRequestException($"The emulator answered {status}.", null, (HttpStatusCode)status),
        };
    }

    private static JsonObject Operation(TenantId tenant, ItemWrite write) => new()
    {
        ["operationType"] = write.Action.ToString(),
        ["partitionKey"] = $"[\"{tenant.Value}\"]",
        ["id"] = write.Id,
        ["ifMatch"] = write.Stamp,
        ["resourceBody"] = write.Item.Length == 0 ? null : JsonNode.Parse(write.Item),
    };
}

/// <summary>Makes up for what the emulator does not know of the .NET client's requests.</summary>
internal sealed class EmulatorHandler : RequestHandler
{
    private const string AnyPartition = "x-ms-documentdb-query-enablecrosspartition";

    // What the gateway answers when a query of one partition runs as it stands.
    private const string Plan =
        """
        {"partitionedQueryExecutionInfoVersion":2,"queryInfo":{"distinctType":"None","orderBy":[],"orderByExpressions":[],"groupByExpressions":[],"groupByAliases":[],"aggregates":[],"groupByAliasToAggregateType":{},"rewrittenQuery":"","hasSelectValue":false},"queryRanges":[{"min":"","max":"FF","isMinInclusive":true,"isMaxInclusive":false}]}
        """;

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers["x-ms-cosmos-is-query-plan-request"] is "True")
        {
            return new ResponseMessage(HttpStatusCode.OK, request) { Content = new MemoryStream(Encoding.UTF8.GetBytes(Plan)) };
        }

        // Without it, a read of an item that is not there fails inside the emulator (500 instead of 404).
        request.Headers[AnyPartition] = "True";
        return await base.SendAsync(request, cancellationToken);
    }
}
