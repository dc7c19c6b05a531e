using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>What the pool measures (meter and activity source <c>MidnightOS.Midnight.Ledger</c>).</summary>
internal sealed class LedgerMetrics : WorkerMetrics
{
    public const string Name = "MidnightOS.Midnight.Ledger";

    public static readonly ActivitySource Activities = new(Name);

    private readonly UpDownCounter<long> _waiting;

    public LedgerMetrics(IMeterFactory meters, IOptions<LedgerOptions> options)
        : this(meters.Create(Name), options.Value.Size)
    {
    }

    private LedgerMetrics(Meter meter, int limit)
        : base(meter, "midnight.ledger", "ledger", limit) =>
        _waiting = meter.CreateUpDownCounter<long>("midnight.ledger.calls.waiting", "{call}", "Calls that wait for a ledger process.");

    public void Called(string operation, string outcome, TimeSpan elapsed) => Called(operation, outcome, elapsed, more: null);

    public void Waiting(int change) => _waiting.Add(change);
}
