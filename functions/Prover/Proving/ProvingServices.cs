using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Proving.Parameters;
using MidnightOS.Prover.Proving.Processes;

namespace MidnightOS.Prover.Proving;

/// <summary>The composition of what proves.</summary>
internal static class ProvingServices
{
    /// <summary>Adds <see cref="IProver"/>, <see cref="IParameters"/> and <see cref="IParameterFetch"/>.</summary>
    /// <param name="services">The host's services, with the clock and Midnight's Node workspace.</param>
    /// <param name="configuration">Section <c>Prover</c>.</param>
    public static IServiceCollection AddProving(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(ProverPoolOptions.Section);
        services.AddOptions<ProverPoolOptions>().Bind(section).ValidateOnStart();
        services.AddOptions<ParameterOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProverPoolOptions>, ValidateProverPoolOptions>();
        services.AddSingleton<IValidateOptions<ParameterOptions>, ValidateParameterOptions>();
        services.AddMetrics();
        services.AddSingleton<ProvingMetrics>();
        services.AddSingleton<ProvingWorkers>();
        services.AddSingleton<ProvingAttempts>();
        services.AddSingleton<ParameterSource>();
        services.AddSingleton<ParameterDerivation>();
        services.AddSingleton<ParameterCache>();
        services.AddSingleton<BuiltInKeys>();
        services.AddSingleton<CachedParameters>();
        services.AddSingleton<FileWaits>();
        services.AddSingleton<IParameters>(static provider => provider.GetRequiredService<CachedParameters>());
        services.TryAddSingleton<IParameterFetch>(static provider => provider.GetRequiredService<CachedParameters>());
        services.TryAddSingleton<IProver, ProverPool>();
        return services;
    }
}
