using System.Text;
using MidnightOS.Tests.Integration.Telemetry;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>Keeps what a host sends away as telemetry: the bodies of OTLP, and the exposition of its metrics.</summary>
internal sealed class ExportedTelemetry : IAsyncDisposable
{
    private readonly OtlpReceiver _receiver;
    private string _exposition = "";

    private ExportedTelemetry(OtlpReceiver receiver) => _receiver = receiver;

    public string[] Settings => ["--OpenTelemetry:Endpoint", _receiver.Endpoint];

    public static async Task<ExportedTelemetry> StartAsync() => new(await OtlpReceiver.StartAsync());

    public async Task ScrapeAsync(Uri host)
    {
        using var http = new HttpClient { BaseAddress = host };
        _exposition = await http.GetStringAsync("/metrics");
    }

    /// <summary>What is found in any of it.</summary>
    public IEnumerable<string> Find(SecretSearch search) =>
        [.. FindInMetrics(search), .. _receiver.Requests.SelectMany(request => search.In(request.Body).Select(name => $"{request.Path}: {name}"))];

    /// <summary>What is found in the metrics.</summary>
    public IEnumerable<string> FindInMetrics(SecretSearch search) =>
    [
        .. search.In(_exposition).Select(static name => $"/metrics: {name}"),
        .. _receiver.Requests.Where(static request => request.Path == "/v1/metrics")
            .SelectMany(request => search.In(request.Body).Select(name => $"{request.Path}: {name}")),
    ];

    /// <summary>A search that had nothing to look at would find nothing.</summary>
    public void AssertSawTheRun()
    {
        Assert.Contains("midnight_transactions_ended_total{", _exposition, StringComparison.Ordinal);
        Assert.Contains("step transaction.submit", BodiesOf("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("midnight.custody.operations", BodiesOf("/v1/metrics"), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private string BodiesOf(string path) =>
        string.Concat(_receiver.Requests.Where(request => request.Path == path).Select(static request => Encoding.Latin1.GetString(request.Body)));
}
