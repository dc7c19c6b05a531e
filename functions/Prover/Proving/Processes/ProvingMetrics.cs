using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>What the pool measures (meter and activity source <c>MidnightOS.Prover.Proving</c>).</summary>
internal sealed class ProvingMetrics : WorkerMetrics
{
    public const string Name = "MidnightOS.Prover.Proving";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _keys;

    public ProvingMetrics(IMeterFactory meters, IOptions<ProverPoolOptions> options)
        : this(meters.Create(Name), options.Value.Size)
    {
    }

    private ProvingMetrics(Meter meter, int limit)
        : base(meter, "midnight.prover", "proving", limit) =>
        _keys = meter.CreateCounter<long>("midnight.prover.keys.passed", "{key}", "Key materials that were passed to a process that did not have them.");

    public void Called(string operation, string outcome, int? k, TimeSpan elapsed) =>
        Called(operation, outcome, elapsed, new KeyValuePair<string, object?>("k", k?.ToString(CultureInfo.InvariantCulture) ?? ""));

    public void KeysPassed() => _keys.Add(1);
}
