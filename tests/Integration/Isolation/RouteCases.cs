using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;

namespace MidnightOS.Tests.Integration.Isolation;

/// <summary>How each route of the API is called by somebody who should not. A route that is missing here fails the tests.</summary>
internal static class RouteCases
{
    /// <summary>Routes that name nothing of a tenant in their path: there is nothing to reach for but what their bodies name.</summary>
    public static readonly string[] WithoutId =
    [
        "POST /api/auth/register", "POST /api/auth/login", "POST /api/auth/refresh", "POST /api/auth/logout", "POST /api/auth/password", "GET /api/auth/me",
        "GET /.well-known/jwks.json", "GET /openapi/{documentName}.json", "GET /health", "GET /health/ready", "GET /metrics", "POST /api/devnet/faucet",
        "POST /api/bots", "GET /api/bots", "GET /api/events", "GET /api/activities", "POST /api/chat",
        "POST /api/keys", "GET /api/keys",
    ];

    /// <summary>Where no contract is.</summary>
    public static readonly string NoContract = new('a', 64);

    /// <summary>A body that is right for a route, null where it takes none.</summary>
    internal static readonly Dictionary<string, object?> Bodies = new(StringComparer.Ordinal)
    {
        ["GET /api/operations/{id}"] = null,
        ["GET /api/bots/{id}"] = null,
        ["PUT /api/bots/{id}"] = new { name = "taken over" },
        ["PATCH /api/bots/{id}"] = new { name = "taken over" },
        ["DELETE /api/bots/{id}"] = null,
        ["POST /api/bots/{id}/start"] = null,
        ["POST /api/bots/{id}/stop"] = null,
        ["POST /api/bots/{id}/pause"] = null,
        ["POST /api/bots/{id}/resume"] = null,
        ["GET /api/bots/{id}/wallet"] = null,
        ["POST /api/bots/{id}/wallet/send"] = new { to = "$to", amount = "1" },
        ["POST /api/bots/{id}/wallet/export"] = new { password = Embedded.PlatformClient.Password },
        ["POST /api/bots/{id}/contracts/{address}/calls"] = new
        {
            entryPoint = "count",
            transcript = Array.Empty<object>(),
            keys = new { proverKey = "AA==", verifierKey = "AA==", ir = "AA==" },
        },
        ["GET /api/bots/{id}/transactions"] = null,
        ["GET /api/transactions/{id}"] = null,
        ["POST /api/transactions/{id}/confirm"] = null,
        ["POST /api/transactions/{id}/cancel"] = null,
        ["POST /api/bots/{id}/chat"] = new { message = "send 1 NIGHT to $to" },
        ["GET /api/bots/{id}/conversations"] = null,
        ["GET /api/chat/{sessionId}"] = null,
        ["DELETE /api/keys/{id}"] = null,
    };

    /// <summary>The routes of a running host as <c>METHOD /path</c>, each verb of a route for itself.</summary>
    public static List<string> Of(EndpointDataSource endpoints) =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>().SelectMany(static route =>
            (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}")),
    ];

    /// <summary>The routes that take the id of something.</summary>
    public static List<string> WithId(EndpointDataSource endpoints)
    {
        Assert.All(WithoutId, static route => Assert.True(!route.Contains('{', StringComparison.Ordinal) || route == "GET /openapi/{documentName}.json", $"{route} takes an id."));
        var routes = Of(endpoints).Except(WithoutId, StringComparer.Ordinal).ToList();
        Assert.All(routes, static route => Assert.True(Bodies.ContainsKey(route), $"{route} has no case here: say how another tenant would call it."));
        Assert.Equal(Bodies.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
        return routes;
    }

    /// <summary>A request to a route with an id, as text that is sent as it is.</summary>
    public static HttpRequestMessage Request(string route, string id, string to)
    {
        var (method, path) = (route.Split(' ')[0], PathOf(route, id));
        var request = new HttpRequestMessage(new HttpMethod(method), route == "DELETE /api/bots/{id}" ? $"{path}?sweepTo={to}" : path);
        if (Bodies[route] is { } body)
        {
            var text = System.Text.Json.JsonSerializer.Serialize(body).Replace("$to", to, StringComparison.Ordinal);
            request.Content = JsonContent.Create(System.Text.Json.Nodes.JsonNode.Parse(text));
        }

        return request;
    }

    public static string PathOf(string route, string id)
    {
        var path = route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var (from, to) = (path.IndexOf('{', StringComparison.Ordinal), path.IndexOf('}', StringComparison.Ordinal));
        return path[..from] + id + path[(to + 1)..].Replace("{address}", NoContract, StringComparison.Ordinal);
    }
}
