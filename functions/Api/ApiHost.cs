using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.Auth;
using MidnightOS.Api.Auth.Entra;
using MidnightOS.Api.Bots;
using MidnightOS.Api.Chat;
using MidnightOS.Api.Contracts;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Events;
using MidnightOS.Api.Health;
using MidnightOS.Api.Hosting;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.Keys;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Api.Wallets;
using MidnightOS.Core.Agents;

namespace MidnightOS.Api;

/// <summary>The composition of the HTTP API: the same pipeline in every host.</summary>
public static class ApiHost
{
    /// <summary>Adds what the API needs beside Core and its ports.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Sections <c>Api</c>, <c>RateLimits</c>, <c>Cors</c> and <c>ForwardedHeaders</c>; a wrong setting throws an error that names it.</param>
    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddRouting();
        services.ConfigureHttpJsonOptions(static options => ApiJson.Apply(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        services.AddAuthentication(SessionAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Name, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(SessionAuthentication.Name).RequireAuthenticatedUser().Build());
        services.AddCallers();
        services.AddSingleton(RateLimitOptions.Read(configuration));
        services.AddSingleton<IStrangers, StrangersByAddress>();
        services.AddSingleton<ISpendRate, SpendRate>();
        services.AddSingleton(ApiOptions.Read(configuration));
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<EventStreams>();
        services.AddCorsByConfiguration(configuration);
        services.AddForwardedAddresses(configuration);
        services.AddApiDocument();
        return services;
    }

    /// <summary>Adds the pipeline; <see cref="MapApi"/> adds the routes. Call it before the host's other middleware that ends requests.</summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app)
    {
        app.UseForwardedAddresses();
        return app.UseApiBehindHost();
    }

    /// <summary>The pipeline without what speaks for proxies: the host in front has done that.</summary>
    internal static IApplicationBuilder UseApiBehindHost(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseRouting();
        app.UseMiddleware<RequestTrace>();
        app.UseCors();
        app.UseMiddleware<UnroutedMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthorization();
        return app;
    }

    /// <summary>Maps every route of the API.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("").AddEndpointFilter<RouteGroupBuilder, RequestPartFilter>();
        api.WithMetadata(new RequestSizeLimitAttribute(RequestBytes.DefaultLimit));
        api.MapAuth();
        api.MapEntra();
        api.MapKeys();
        api.MapApiKeys();
        api.MapBots();
        api.MapWallets();
        api.MapContracts();
        api.MapChat();
        api.MapEvents();
        api.MapHealth();
        routes.MapApiDocument();
        return routes;
    }
}
