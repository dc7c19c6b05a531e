using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api;
using MidnightOS.Api.Hosting;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>Every route of the API is reached on both hosts, by the function of its area.</summary>
[Collection(PlatformCollection.Name)]
public sealed class RouteWalkTests(PlatformUnderTest platform)
{
    /// <summary>Routes of one host alone.</summary>
    private static readonly Dictionary<string, string> EmbeddedOnly = new(StringComparer.Ordinal)
    {
        ["/api/devnet/faucet"] = "the azure edition has no devnet",
        ["/metrics"] = "the azure edition sends its metrics to Azure Monitor",
    };

    private static readonly Dictionary<string, string> AzureOnly = new(StringComparer.Ordinal)
    {
        ["/api/auth/entra"] = "only the azure edition validates tokens of Entra",
    };

    [Fact]
    public void Routes_OfTheAzureHostAlone_HaveAnAreaToo() =>
        Assert.All(AzureOnly.Keys, static route => Assert.Single(AreasOf(route)));

    [Fact]
    public void Routes_OfTheEmbeddedHost_AreThoseOfTheApiAndTheOnesListed()
    {
        var embedded = RoutesOf(platform.Services.GetRequiredService<EndpointDataSource>());
        Assert.Equal(embedded.Except(EmbeddedOnly.Keys, StringComparer.Ordinal), ApiRoutes());
        Assert.All(EmbeddedOnly.Keys, route => Assert.Contains(route, embedded));
    }

    [Fact]
    public void EachRoute_OfTheApi_HasExactlyOneAreaWhoseFunctionTakesIt()
    {
        var routes = ApiRoutes();
        Assert.True(routes.Count > 20, "The routes were not found.");
        Assert.All(routes, static route => Assert.Single(AreasOf(route)));
    }

    [Fact]
    public void EachArea_OfTheApi_HasARoute()
    {
        var taken = ApiRoutes().SelectMany(AreasOf).Select(static area => area.Function).Distinct(StringComparer.Ordinal);
        Assert.Equal(Areas().Select(static area => area.Function).Order(StringComparer.Ordinal), taken.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Fallback_OfTheFunctions_TakesEverythingAndSortsLast()
    {
        var fallback = ApiAreas.All.Single(static area => area.Route == AreaRoutes.Unrouted);
        Assert.All(new[] { "/", "/api", "/a/b/c" }, path => Assert.True(Takes(fallback, path)));
        Assert.All(new StringComparer[] { StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase }, order =>
            Assert.Equal(fallback.Function, ApiAreas.All.Select(static area => area.Function).Order(order).Last()));
    }

    private List<string> ApiRoutes()
    {
        var routes = new Table(platform.Services);
        routes.MapApi();
        return RoutesOf(new CompositeEndpointDataSource(routes.DataSources));
    }

    private static List<string> RoutesOf(EndpointDataSource source) =>
        [.. source.Endpoints.OfType<RouteEndpoint>().Select(static route => "/" + route.RoutePattern.RawText!.Trim('/')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<ApiArea> Areas() => ApiAreas.All.Where(static area => area.Route != AreaRoutes.Unrouted);

    private static List<ApiArea> AreasOf(string route) => [.. Areas().Where(area => Takes(area, route.Replace('{', 'x').Replace('}', 'x')))];

    private static bool Takes(ApiArea area, string path) =>
        new TemplateMatcher(new RouteTemplate(RoutePatternFactory.Parse(area.Route)), []).TryMatch(path, []);

    /// <summary>Where the API maps its routes, as a pipeline gives it.</summary>
    private sealed class Table(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
