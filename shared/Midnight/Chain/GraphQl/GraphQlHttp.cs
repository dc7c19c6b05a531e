using System.Text.Json;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>GraphQL queries over HTTP (https://graphql.github.io/graphql-over-http).</summary>
internal sealed class GraphQlHttp(UpstreamHttp upstream, IChainEndpointSource endpoints)
{
    /// <summary>Runs a query. Errors that the server names come as <see cref="ChainUnavailableException"/> around a <see cref="GraphQlException"/>.</summary>
    public async Task<T> QueryAsync<T>(GraphQlRequest request, CancellationToken cancellationToken)
    {
        var target = await endpoints.GetAsync(cancellationToken);
        var body = JsonSerializer.SerializeToUtf8Bytes(request, GraphQlJson.Options);
        var response = await upstream.PostAsync(target.Indexer, request.OperationName, body, Read<T>, cancellationToken);
        try
        {
            return response.Require(request.OperationName);
        }
        catch (GraphQlException exception)
        {
            throw new ChainUnavailableException("The indexer could not answer.", exception);
        }
        catch (JsonException exception)
        {
            throw new ChainUnavailableException("The indexer answered something that cannot be read.", exception);
        }
    }

    private static GraphQlResponse<T> Read<T>(byte[] body) =>
        JsonSerializer.Deserialize<GraphQlResponse<T>>(body, GraphQlJson.Options) ?? throw new JsonException("An empty answer.");
}
