using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Prover.Upstream;

/// <summary>What is measured of other proof servers (meter <c>MidnightOS.Prover.Upstream</c>). A server is named by its place in the setting, from 1.</summary>
internal sealed class UpstreamMetrics
{
    public const string Name = "MidnightOS.Prover.Upstream";

    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;

    public UpstreamMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _calls = _meter.CreateCounter<long>("midnight.prover.upstream.calls", "{call}", "Calls to other proof servers, by server, operation and outcome.");
        _duration = _meter.CreateDuration("midnight.prover.upstream.call.duration", "How long calls to other proof servers took.");
    }

    /// <summary>Shows how the servers are.</summary>
    public void Watch(IReadOnlyList<UpstreamServer> servers) => _meter.CreateObservableGauge(
        "midnight.prover.upstream.health",
        () => servers.Select(static server => new Measurement<int>(Level(server), new KeyValuePair<string, object?>("server", server.Number))),
        description: "Whether another proof server is asked: 0 yes, 1 as the last because it is busy, 2 no.");

    public void Called(int server, string operation, UpstreamOutcome? outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "server", server }, { "operation", operation }, { "outcome", Text(outcome) } };
        _calls.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    private static int Level(UpstreamServer server) => !server.IsUsable ? 2 : server.Health is UpstreamHealth.Busy ? 1 : 0;

    private static string Text(UpstreamOutcome? outcome) => outcome switch
    {
        UpstreamOutcome.Done => "ok",
        UpstreamOutcome.Refused => "refused",
        UpstreamOutcome.TooLarge => "too_large",
        UpstreamOutcome.Busy => "busy",
        UpstreamOutcome.Broke => "broke",
        UpstreamOutcome.Lost => "lost",
        UpstreamOutcome.TimedOut => "timeout",
        UpstreamOutcome.Away => "away",
        _ => "cancelled",
    };
}
