using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using MidnightOS.Core.Maintenance;
using MidnightOS.Prover.Messages;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Architecture;

/// <summary>host.json says what the apps rely on, and only settings that the deployment gives.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonElement Host = JsonDocument.Parse(Read("host.json")).RootElement;

    [Fact]
    public void Http_OfTheHost_AddsNothingInFrontOfRoutesAndBoundsWhatWaits()
    {
        var http = Host.GetProperty("extensions").GetProperty("http");
        Assert.Equal("", http.GetProperty("routePrefix").GetString());
        Assert.True(http.GetProperty("maxOutstandingRequests").GetInt32() >= http.GetProperty("maxConcurrentRequests").GetInt32());
    }

    [Fact]
    public void ServiceBus_OfTheHost_KeepsAMessageForAsLongAsAFunctionMayRun()
    {
        var bus = Host.GetProperty("extensions").GetProperty("serviceBus");
        Assert.True(Time(bus.GetProperty("maxAutoLockRenewalDuration")) > Time(Host.GetProperty("functionTimeout")));
        Assert.True(bus.GetProperty("maxConcurrentSessions").GetInt32() > 0);

        // What is fetched ahead waits with its lock running.
        Assert.Equal(0, bus.GetProperty("prefetchCount").GetInt32());
    }

    [Fact]
    public void Proofs_TheQueueOfTheirMessages_PutsNoneAsideWithItsKey()
    {
        var queue = Read("infra/bicep/modules/servicebus.bicep").Split("resource ").Single(static part => part.StartsWith("proofs ", StringComparison.Ordinal));
        Assert.Contains("deadLetteringOnMessageExpiration: false", queue, StringComparison.Ordinal);
        Assert.Contains($"maxDeliveryCount: {ReceiveProofMessage.MostDeliveries}\n", queue, StringComparison.Ordinal);
    }

    [Fact]
    public void DurableTask_OfTheHost_KeepsItsStateInTheScheduler()
    {
        var durable = Host.GetProperty("extensions").GetProperty("durableTask");
        Assert.Equal("azureManaged", durable.GetProperty("storageProvider").GetProperty("type").GetString());
        var platform = Read("infra/bicep/platform.bicep");
        Assert.Contains($"{durable.GetProperty("storageProvider").GetProperty("connectionStringName").GetString()}: 'Endpoint=", platform, StringComparison.Ordinal);
        Assert.Contains($"{durable.GetProperty("hubName").GetString()!.Trim('%')}: ", platform, StringComparison.Ordinal);
    }

    [Fact]
    public void Telemetry_OfTheHost_IsOpenTelemetryAndBoundedIfItIsNot()
    {
        Assert.Equal("OpenTelemetry", Host.GetProperty("telemetryMode").GetString());

        // Who takes telemetryMode away, or has a host that does not know it, sends the classic way.
        Assert.True(Host.GetProperty("logging").GetProperty("applicationInsights").GetProperty("samplingSettings").GetProperty("isEnabled").GetBoolean());
        Assert.Equal("Warning", Host.GetProperty("logging").GetProperty("logLevel").GetProperty("default").GetString());
    }

    [Theory]
    [InlineData("infra/bicep/modules/api.bicep")]
    [InlineData("infra/bicep/modules/containerapp.bicep")]
    public void Traces_OfEachAppAndItsHost_AreBounded(string module)
    {
        Assert.Contains("OTEL_TRACES_SAMPLER: 'microsoft.rate_limited'", Read(module), StringComparison.Ordinal);
        Assert.Matches(@"OTEL_TRACES_SAMPLER_ARG: '\d+'", Read(module));
    }

    [Theory]
    [InlineData("infra/bicep/modules/api.bicep")]
    [InlineData("infra/bicep/modules/containerapp.bicep")]
    public void Homepage_OfEachApp_IsOff(string module) =>
        Assert.Contains("AzureWebJobsDisableHomepage: 'true'", Read(module), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(FunctionTests.Apps), MemberType = typeof(FunctionTests))]
    public void Apps_OfTheAzureEdition_TakeThisFileAndPublishNoLocalSettings(PlatformApp app)
    {
        var folder = Path.Combine(Repository.Root, FunctionSource.Folders[app]);
        var project = XDocument.Load(Directory.EnumerateFiles(folder, "*.csproj").Single());
        var link = project.Descendants().Single(static item => ((string?)item.Attribute("Include"))?.EndsWith("host.json", StringComparison.Ordinal) == true);
        Assert.Equal(Path.Combine(Repository.Root, "host.json"), Path.GetFullPath(Path.Combine(folder, (string)link.Attribute("Include")!)));
        Assert.Equal(("host.json", "PreserveNewest"), ((string?)link.Attribute("Link"), (string?)link.Attribute("CopyToOutputDirectory")));
        Assert.False(File.Exists(Path.Combine(folder, "host.json")));
    }

    [Fact]
    public void LocalSettings_Example_HoldsNoSecretAndTheRealOneIsNeverKept()
    {
        var values = JsonDocument.Parse(Read("local.settings.json.example")).RootElement.GetProperty("Values").EnumerateObject().ToList();
        Assert.Contains(values, static value => value.NameEquals("FUNCTIONS_WORKER_RUNTIME") && value.Value.GetString() == "dotnet-isolated");
        Assert.DoesNotContain(values, static value => value.Name.Contains("Secret", StringComparison.OrdinalIgnoreCase) || value.Value.GetString()!.Contains("Key=", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("local.settings.json", Read(".gitignore").Split('\n'));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static TimeSpan Time(JsonElement value) => TimeSpan.Parse(value.GetString()!, CultureInfo.InvariantCulture);
}
