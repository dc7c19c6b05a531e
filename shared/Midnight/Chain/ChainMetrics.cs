using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Midnight.Chain;

/// <summary>What the chain client measures (meter and activity source <c>MidnightOS.Midnight.Chain</c>).</summary>
internal sealed class ChainMetrics
{
    public const string Name = "MidnightOS.Midnight.Chain";

    public static readonly ActivitySource Activities = new(Name);

    private readonly TimeProvider _time;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _resumes;
    private readonly UpDownCounter<long> _subscriptions;
    private readonly ConcurrentDictionary<string, CircuitState> _circuits = new(StringComparer.Ordinal);
    private long _tipHeight = -1;
    private long _tipMilliseconds;
    private long _nodeHeight = -1;

    public ChainMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Name);
        _calls = meter.CreateCounter<long>("midnight.chain.calls", "{call}", "Calls to the indexer and the node, by outcome.");
        _duration = meter.CreateDuration("midnight.chain.call.duration", "How long calls took, repetitions included.");
        _retries = meter.CreateCounter<long>("midnight.chain.retries", "{retry}", "Repeated attempts.");
        _connects = meter.CreateCounter<long>("midnight.chain.socket.connects", "{connection}", "Attempts to open a WebSocket, by outcome.");
        _resumes = meter.CreateCounter<long>("midnight.chain.subscription.resumes", "{resume}", "Subscriptions that were resumed, by reason.");
        _subscriptions = meter.CreateUpDownCounter<long>("midnight.chain.subscriptions", "{subscription}", "Open subscriptions.");
        meter.CreateObservableGauge("midnight.chain.circuit.state", ObserveCircuits, "{state}", "The circuit of an upstream: 0 closed, 1 being tried, 2 open.");
        meter.CreateObservableGauge("midnight.chain.tip.height", ObserveHeight, "{block}", "The newest block seen.");
        meter.CreateObservableGauge("midnight.chain.tip.lag", ObserveLag, "s", "The age of the newest block seen.");
        meter.CreateObservableGauge("midnight.chain.indexer.behind", ObserveBehind, "{block}", "How many blocks the indexer is behind the node, as last seen.");
    }

    public void Called(string upstream, string operation, string outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "upstream", upstream }, { "operation", operation }, { "outcome", outcome } };
        _calls.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    public void Retried(string upstream) => _retries.Add(1, new KeyValuePair<string, object?>("upstream", upstream));

    public void Connected(bool success) => _connects.Add(1, new KeyValuePair<string, object?>("outcome", success ? "ok" : "failed"));

    public void Circuit(string upstream, CircuitState state) => _circuits[upstream] = state;

    public void Resumed(string subscription, string reason) =>
        _resumes.Add(1, new TagList { { "subscription", subscription }, { "reason", reason } });

    public void Subscribed(int change) => _subscriptions.Add(change);

    public void Tip(long height, DateTimeOffset time)
    {
        if (height < Interlocked.Read(ref _tipHeight))
        {
            return;
        }

        Interlocked.Exchange(ref _tipMilliseconds, time.ToUnixTimeMilliseconds());
        Interlocked.Exchange(ref _tipHeight, height);
    }

    public void NodeTip(long height) => Interlocked.Exchange(ref _nodeHeight, height);

    private IEnumerable<Measurement<long>> ObserveCircuits() =>
        _circuits.Select(static circuit => new Measurement<long>((long)circuit.Value, new KeyValuePair<string, object?>("upstream", circuit.Key)));

    private IEnumerable<Measurement<long>> ObserveBehind()
    {
        var (node, indexer) = (Interlocked.Read(ref _nodeHeight), Interlocked.Read(ref _tipHeight));
        return node < 0 || indexer < 0 ? [] : [new Measurement<long>(Math.Max(0, node - indexer))];
    }

    private IEnumerable<Measurement<long>> ObserveHeight()
    {
        var height = Interlocked.Read(ref _tipHeight);
        return height < 0 ? [] : [new Measurement<long>(height)];
    }

    private IEnumerable<Measurement<double>> ObserveLag()
    {
        var seen = Interlocked.Read(ref _tipHeight) >= 0;
        var lag = _time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _tipMilliseconds));
        return seen ? [new Measurement<double>(lag.TotalSeconds)] : [];
    }
}

/// <summary>Whether calls go to an upstream. The numbers are what the gauge shows.</summary>
internal enum CircuitState
{
    /// <summary>They do.</summary>
    Closed = 0,

    /// <summary>One does, to see whether it answers again.</summary>
    Trying = 1,

    /// <summary>None does for a moment: it failed too often.</summary>
    Open = 2,
}
