using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.RateLimits;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.Api;

/// <summary>What holds for every route, also for those that are not written yet.</summary>
public sealed class EndpointTableTests
{
    /// <summary>The whole list of what a stranger may reach.</summary>
    private static readonly string[] Anonymous =
    [
        "GET /.well-known/jwks.json", "GET /health", "GET /health/ready", "GET /openapi/{documentName}.json",
        "POST /api/auth/login", "POST /api/auth/refresh", "POST /api/auth/register",
    ];

    [Fact]
    public async Task EveryRoute_OfTheApi_NamesItsRateLimit()
    {
        await using var api = await ApiFixture.StartAsync();
        Assert.All(RoutesOf(api), static route => Assert.NotNull(route.Metadata.GetMetadata<RateLimitMetadata>()));
    }

    [Fact]
    public async Task AnonymousRoutes_OfTheApi_AreExactlyThese()
    {
        await using var api = await ApiFixture.StartAsync();
        var open = RoutesOf(api).Where(static route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).SelectMany(NamesOf);
        Assert.Equal(Anonymous, open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryOtherRoute_WithoutToken_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var closed = RoutesOf(api).SelectMany(NamesOf).Except(Anonymous, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(closed);
        foreach (var name in closed)
        {
            var parts = name.Split(' ');
            var path = parts[1].Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            var response = await api.SendAsync(new HttpMethod(parts[0]), path);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{name}: {response.StatusCode}");
            await response.ExpectErrorAsync(ErrorCodes.Unauthorized);
        }
    }

    [Fact]
    public async Task IdempotentRoutes_OfTheApi_ArePosts()
    {
        await using var api = await ApiFixture.StartAsync();
        var idempotent = RoutesOf(api).Where(static route => route.Metadata.GetMetadata<IdempotencyMetadata>() is not null).SelectMany(NamesOf).ToList();
        Assert.Contains("POST /api/auth/register", idempotent);
        Assert.All(idempotent, static name => Assert.StartsWith("POST ", name, StringComparison.Ordinal));
    }

    private static List<RouteEndpoint> RoutesOf(ApiFixture api) =>
        [.. api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static IEnumerable<string> NamesOf(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            .Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}");
}
