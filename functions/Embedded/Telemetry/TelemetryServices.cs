using System.Diagnostics.Metrics;
using MidnightOS.Api.Metrics;
using MidnightOS.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MidnightOS.Embedded.Telemetry;

/// <summary>What leaves the process of its meters and activity sources: the Prometheus exposition, and OTLP when it is configured.</summary>
internal static class TelemetryServices
{
    /// <summary>Adds the exporters. Without a reader of an instrument measuring costs next to nothing, and without OTLP no span is made.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var metrics = MetricsOptions.Read(configuration);
        var otlp = OtlpSettings.Read(configuration);
        services.AddSingleton(metrics);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource =>
            resource.AddService(configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : "midnightos", serviceVersion: EmbeddedHost.Version));
        if (metrics.Enabled || otlp.Metrics is not null)
        {
            telemetry.WithMetrics(builder => AddMetrics(builder, metrics, otlp));
        }

        if (otlp.Traces is { } traces)
        {
            telemetry.WithTracing(builder => builder
                .AddSource(TelemetrySources.Activities)
                .AddOtlpExporter(options => (options.Endpoint, options.Protocol) = (traces, otlp.Protocol)));
        }

        return services;
    }

    /// <summary>Maps <c>/metrics</c>, unless it is switched off.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<MetricsOptions>();
        if (options.Enabled)
        {
            var exporter = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
            exporter.UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true);
            app.MapMetrics(options, exporter.Build());
        }
    }

    private static void AddMetrics(MeterProviderBuilder builder, MetricsOptions metrics, OtlpSettings otlp)
    {
        // The packages listen to the whole process; another host in it has meters of the same names and is not this one.
        ((IDeferredMeterProviderBuilder)builder).Configure(static (provider, configured) =>
        {
            var own = provider.GetRequiredService<IMeterFactory>();
            configured.AddView(instrument => instrument.Meter.Scope is IMeterFactory other && other != own ? MetricStreamConfiguration.Drop : null);
        });
        builder.AddMeter(TelemetrySources.Meters);
        if (metrics.Enabled)
        {
            builder.AddPrometheusExporter();
        }

        if (otlp.Metrics is { } endpoint)
        {
            builder.AddOtlpExporter(options => (options.Endpoint, options.Protocol) = (endpoint, otlp.Protocol));
        }
    }
}
