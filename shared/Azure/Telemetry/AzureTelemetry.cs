using System.Diagnostics;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MidnightOS.Azure.Telemetry;

/// <summary>What the apps of the azure edition tell Azure Monitor.</summary>
public static class AzureTelemetry
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Sends metrics, traces and logs to Application Insights, signed in by the app's identity. Without its address nothing is sent.</summary>
    /// <remarks>How many traces are sent is told by <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c>, which the functions' host reads too. Warnings and errors are
    /// sent all, other logs with their trace.</remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">Setting <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>: an address, no secret, since the resource takes no keys.</param>
    /// <param name="app">Which app it is: <c>api</c>, <c>flows</c>, <c>prover</c>.</param>
    public static IServiceCollection AddAzureTelemetry(this IServiceCollection services, IConfiguration configuration, string app)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MidnightOS", LogLevel.Information));
        if (configuration[ConnectionString] is { Length: > 0 } connection)
        {
            services.AddLogging(static logging => logging.AddFilter<OpenTelemetryLoggerProvider>("MidnightOS", IsSent));
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService($"midnightos-{app}"))
                .WithMetrics(static metrics => metrics.AddMeter(TelemetrySources.Meters))
                .WithTracing(static traces => traces.AddSource(TelemetrySources.Activities))
                .UseFunctionsWorkerDefaults()
                .UseAzureMonitorExporter();
            services.Configure<AzureMonitorExporterOptions>(options =>
            {
                options.ConnectionString = connection;
                options.Credential = new DefaultAzureCredential();

                // It would drop errors too.
                options.EnableTraceBasedLogsSampler = false;
            });
        }

        return services;
    }

    private static bool IsSent(LogLevel level) => level >= LogLevel.Warning || (level >= LogLevel.Information && Activity.Current is not { Recorded: false });
}
