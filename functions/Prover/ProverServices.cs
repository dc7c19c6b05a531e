using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Proofs.OneTimeKeys;
using MidnightOS.Midnight.Chain;
using MidnightOS.Prover.Access;
using MidnightOS.Prover.Hosting;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Jobs;
using MidnightOS.Prover.Messages;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Queue;
using MidnightOS.Prover.Upstream;

namespace MidnightOS.Prover;

/// <summary>The composition of the proof service.</summary>
public static class ProverServices
{
    /// <summary>Adds what makes proofs and answers for it; <see cref="UseProver"/> and <see cref="MapProver"/> add pipeline and routes.</summary>
    /// <param name="services">The host's services, with Core, its ports and Midnight's Node workspace.</param>
    /// <param name="configuration">Section <c>Prover</c>; a wrong setting throws an error that names it.</param>
    public static IServiceCollection AddProver(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddValidatedOptions<ProverOptions>(ProverOptions.Section, static options => options.Problem());
        if (!string.IsNullOrWhiteSpace(configuration[$"{ProverOptions.Section}:{nameof(ProverOptions.Upstream)}"]))
        {
            AddUpstream(services);
        }

        services.AddProving(configuration);
        services.AddProofQueue();
        services.AddSingleton<KnownCircuits>();
        services.AddSingleton<JobViews>();
        services.AddSingleton<JobEndpoints>();
        services.AddSingleton<UsageEndpoint>();
        services.AddSingleton<HeldBytes>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<AnswerLimits>();
        services.AddHttpClient(IssuerKeys.ClientName, static client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = 256 * 1024;
        }).AddHttpMessageHandler(static () => new ResetConnections());
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<AuthenticateIdentity>();
        services.AddSingleton<ProverAccess>();
        services.AddSingleton<ProofEndpoints>();
        services.AddSingleton<StatusEndpoints>();
        services.AddSingleton<ParameterEndpoint>();
        return services;
    }

    /// <summary>Has stored jobs come with messages instead of being looked for in the store, and sealed under keys that those messages bring. The host adds the
    /// <see cref="Core.Proofs.IProofCourier"/> that sends them, and gives those that arrive to <see cref="ReceiveProofMessage"/>.</summary>
    public static IServiceCollection TakeProofsFromMessages(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Remove(services.Single(static service => service.ImplementationType == typeof(ProofFeeder)));
        services.AddHostedService<ProofCloser>();
        services.AddOneTimeProofKeys();
        services.AddSingleton<RunProofMessage>();
        services.AddSingleton<ReceiveProofMessage>();
        return services;
    }

    /// <summary>Adds what a host needs that has no listener for the proof service and no right on the platform's keys: <see cref="ProverPipeline"/>, and access tokens are refused.</summary>
    public static IServiceCollection AddProverPipeline(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddSingleton<ProverPipeline>();
        services.Replace(ServiceDescriptor.Singleton<ITokenSigningKeys, NoAccessTokens>());
        return services;
    }

    /// <summary>Adds the pipeline: the proof server's errors are plain text, and it has routes of its own alone. Routing comes with it; <see cref="MapProver"/> adds the routes.</summary>
    public static IApplicationBuilder UseProver(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<PermissiveCors>();
        app.UseMiddleware<ProverErrors>();
        app.UseRouting();
        app.Use(ProverErrors.UnroutedAsync);
        return app;
    }

    /// <summary>Maps the routes of the official proof server and those of jobs. Their services are the request's, so a host may compose them elsewhere.</summary>
    public static IEndpointRouteBuilder MapProver(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapPost("/prove", static context => Of<ProofEndpoints>(context).ProveAsync(context));
        routes.MapPost("/check", static context => Of<ProofEndpoints>(context).CheckAsync(context));
        routes.MapPost("/prove-tx", static context => Of<ProofEndpoints>(context).ProveTransactionAsync(context));
        routes.MapPost("/k", static context => Of<ProofEndpoints>(context).KAsync(context));
        routes.MapGet("/version", StatusEndpoints.VersionAsync);
        routes.MapGet("/proof-versions", StatusEndpoints.ProofVersionsAsync);
        routes.MapGet("/", static context => Of<StatusEndpoints>(context).HealthAsync(context));
        routes.MapGet("/health", static context => Of<StatusEndpoints>(context).HealthAsync(context));
        routes.MapGet("/ready", static context => Of<StatusEndpoints>(context).ReadyAsync(context));
        routes.MapGet("/fetch-params/{k}", static context => Of<ParameterEndpoint>(context).FetchAsync(context));
        routes.MapPost("/jobs", static context => Of<JobEndpoints>(context).SubmitAsync(context));
        routes.MapGet("/jobs", static context => Of<JobEndpoints>(context).ListAsync(context));
        routes.MapGet("/jobs/{id}", static context => Of<JobEndpoints>(context).GetAsync(context));
        routes.MapGet("/jobs/{id}/result", static context => Of<JobEndpoints>(context).ResultAsync(context));
        routes.MapDelete("/jobs/{id}", static context => Of<JobEndpoints>(context).DeleteAsync(context));
        routes.MapGet("/usage", static context => Of<UsageEndpoint>(context).ReadAsync(context));
        return routes;
    }

    private static void AddUpstream(IServiceCollection services)
    {
        services.AddHttpClient(UpstreamServers.ClientName, static client =>
        {
            // Each call has its own limit.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = 64 * 1024 * 1024;
        }).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false, UseCookies = false })
            .AddHttpMessageHandler(static () => new ResetConnections());
        services.AddMetrics();
        services.AddSingleton<UpstreamMetrics>();
        services.AddSingleton<UpstreamServers>();
        services.AddHostedService(static provider => provider.GetRequiredService<UpstreamServers>());
        services.AddSingleton<IProver, UpstreamProver>();
    }

    private static T Of<T>(Microsoft.AspNetCore.Http.HttpContext context)
        where T : notnull => context.RequestServices.GetRequiredService<T>();
}
