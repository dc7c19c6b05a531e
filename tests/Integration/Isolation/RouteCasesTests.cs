using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.RateLimits;
using MidnightOS.Tests.Integration.Api;

namespace MidnightOS.Tests.Integration.Isolation;

/// <summary>A route that nobody said how others would call makes the isolation tests fail.</summary>
public sealed class RouteCasesTests
{
    [Fact]
    public async Task WithId_OfTheApiAsItIs_KnowsEveryRoute()
    {
        await using var api = await ApiFixture.StartAsync();
        Assert.NotEmpty(RouteCases.WithId(api.Services.GetRequiredService<EndpointDataSource>()));
    }

    [Theory]
    [InlineData("GET", "/api/bots/{id}/secrets")]
    [InlineData("GET", "/api/reports")]
    [InlineData("PUT", "/api/transactions/{id}")]
    [InlineData("POST", "/api/bots/{id}/webhooks/{webhookId}")]
    public async Task WithId_RouteThatWasAdded_Fails(string method, string path)
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup
        {
            Routes = routes => routes.MapMethods(path, [method], static () => Results.Ok()).Unlimited(),
        });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RouteCases.WithId(api.Services.GetRequiredService<EndpointDataSource>()));
    }
}
