using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MidnightOS.Azure.Telemetry;

/// <summary>What the apps of the azure edition tell Azure Monitor.</summary>
public static class AzureTelemetry
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    // As host.json bounds the host's own.
    private const double TracesPerSecond = 20;

    /// <summary>Sends metrics, traces and logs to Application Insights, signed in by the app's identity. Without its address nothing is sent.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">Setting <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>: an address, no secret, since the resource takes no keys.</param>
    /// <param name="app">Which app it is: <c>api</c>, <c>flows</c>, <c>prover</c>.</param>
    public static IServiceCollection AddAzureTelemetry(this IServiceCollection services, IConfiguration configuration, string app)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MidnightOS", LogLevel.Information));
        if (configuration[ConnectionString] is { Length: > 0 } connection)
        {
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService($"midnightos-{app}"))
                .WithMetrics(static metrics => metrics.AddMeter(TelemetrySources.Meters))
                .WithTracing(static traces => traces.AddSource(TelemetrySources.Activities))
                .UseFunctionsWorkerDefaults()
                .UseAzureMonitorExporter(options =>
                {
                    options.ConnectionString = connection;
                    options.Credential = new DefaultAzureCredential();
                    options.TracesPerSecond = TracesPerSecond;
                });
        }

        return services;
    }
}
