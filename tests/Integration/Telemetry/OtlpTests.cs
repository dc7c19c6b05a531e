using System.Text;
using MidnightOS.Core;
using MidnightOS.Embedded;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Telemetry;

/// <summary>Traces and metrics leave by OTLP when a receiver is named, and only then.</summary>
public sealed class OtlpTests
{
    [Theory]
    [InlineData("OpenTelemetry:Endpoint")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    public async Task Host_WithAReceiver_SendsTracesAndMetrics(string setting)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await RunAsync($"--{setting}", receiver.Endpoint);

        AssertSent(receiver, "/v1/traces", "POST /api/bots", "step bot.create-wallet", "outbox start bot.create", "ledger derive", "custody seal", "midnightos");
        AssertSent(receiver, "/v1/metrics", "midnight.flows.started", "midnight.ledger.calls", "midnight.custody.operations", "http.server.request.duration", "midnightos");
    }

    [Fact]
    public async Task Host_WithAReceiverOfTracesAlone_SendsNoMetrics()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await RunAsync("--OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{receiver.Endpoint}/v1/traces");

        Assert.NotEmpty(receiver.Requests);
        Assert.All(receiver.Requests, static request => Assert.Equal("/v1/traces", request.Path));
    }

    [Fact]
    public async Task Host_WhenDisabledByTheStandardVariable_SendsNothing()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await RunAsync("--OpenTelemetry:Endpoint", receiver.Endpoint, "--OTEL_SDK_DISABLED", "true");

        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Host_WhoseReceiverIsAway_WorksAllTheSame()
    {
        var receiver = await OtlpReceiver.StartAsync();
        var endpoint = receiver.Endpoint;
        await receiver.DisposeAsync();

        await RunAsync("--OpenTelemetry:Endpoint", endpoint);
    }

    [Theory]
    [InlineData("--OpenTelemetry:Endpoint", "localhost:4318", "OpenTelemetry:Endpoint")]
    [InlineData("--OpenTelemetry:Endpoint", "ftp://127.0.0.1", "OpenTelemetry:Endpoint")]
    [InlineData("--OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("--OpenTelemetry:Protocol", "http/json", "OpenTelemetry:Protocol")]
    [InlineData("--Metrics:Token", "short", "Metrics:Token")]
    [InlineData("--Metrics:Enabled", "maybe", "Metrics:Enabled")]
    public void Build_WrongSetting_IsRefusedByName(string setting, string value, string named)
    {
        using var folder = new TemporaryFolder();
        var problem = Assert.Throws<OptionsProblemException>(() => EmbeddedHost.Build(PlatformUnderTest.Arguments(folder.Path, setting, value)));
        Assert.StartsWith(named, problem.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(params string[] settings)
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path, settings);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        await ann.CreateBotAsync("Alice");

        // What was recorded and not sent is sent while the host stops.
        await app.StopAsync();
    }

    private static void AssertSent(OtlpReceiver receiver, string path, params string[] named)
    {
        var requests = receiver.Requests.Where(request => request.Path == path).ToList();
        Assert.NotEmpty(requests);
        Assert.All(requests, static request => Assert.Equal("application/x-protobuf", request.ContentType));
        Assert.All(requests, static request => Assert.NotEmpty(request.Body));
        var all = string.Concat(requests.Select(static request => Encoding.Latin1.GetString(request.Body)));
        Assert.All(named, name => Assert.Contains(name, all, StringComparison.Ordinal));
    }
}
