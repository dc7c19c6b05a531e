using System.Diagnostics;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace MidnightOS.Tests.Azure.Telemetry;

/// <summary>What is sent to Azure Monitor, and what not.</summary>
public sealed class AzureTelemetryTests
{
    [Theory]
    [InlineData("microsoft.rate_limited", "7", 7.0, 1f)]
    [InlineData("microsoft.fixed_percentage", "0.25", null, 0.25f)]
    public void Traces_AreBounded_ByTheSettingsThatTheHostReadsToo(string sampler, string argument, double? perSecond, float ratio)
    {
        using var services = Make(null, ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument));
        var options = services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;
        Assert.Equal((perSecond, ratio), (options.TracesPerSecond, options.SamplingRatio));
        Assert.NotNull(options.Credential);
    }

    [Fact]
    public void Logs_OfATraceThatIsNotSent_AreWarningsAndErrorsAlone()
    {
        Assert.Equal(["Error", "Warning"], Sent(ActivityTraceFlags.None, "MidnightOS.Core"));
        Assert.Equal(["Error", "Information", "Warning"], Sent(ActivityTraceFlags.Recorded, "MidnightOS.Core"));
        Assert.Equal(["Error", "Information", "Warning"], Sent(null, "MidnightOS.Core"));
        Assert.Equal(["Error", "Warning"], Sent(ActivityTraceFlags.Recorded, "Microsoft.AspNetCore"));
    }

    [Fact]
    public void Add_WithoutAnAddress_SendsNothing()
    {
        var services = new ServiceCollection().AddAzureTelemetry(new ConfigurationBuilder().Build(), "api");
        Assert.DoesNotContain(services, static service => service.ServiceType == typeof(IConfigureOptions<AzureMonitorExporterOptions>));
    }

    private static string[] Sent(ActivityTraceFlags? flags, string category)
    {
        var records = new Records();
        using var services = Make(records);
        using var activity = flags is { } of ? new Activity("one").SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), of).Start() : null;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        foreach (var level in new[] { LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error })
        {
            logger.Log(level, 1, "x", null, static (text, _) => text);
        }

        return [.. records.Levels.Order(StringComparer.Ordinal)];
    }

    private static ServiceProvider Make(Records? records, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .AddInMemoryCollection([KeyValuePair.Create("APPLICATIONINSIGHTS_CONNECTION_STRING", (string?)"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:9/")])
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAzureTelemetry(configuration, "api");
        if (records is not null)
        {
            services.AddOpenTelemetry().WithLogging(logs => logs.AddProcessor(records));
            services.PostConfigure<AzureMonitorExporterOptions>(static options => (options.Credential, options.DisableOfflineStorage, options.EnableLiveMetrics, options.Retry.MaxRetries) = (null, true, false, 0));
        }

        return services.BuildServiceProvider();
    }

    private sealed class Records : BaseProcessor<LogRecord>
    {
        public List<string> Levels { get; } = [];

        public override void OnEnd(LogRecord data) => Levels.Add(data.LogLevel.ToString());
    }
}
