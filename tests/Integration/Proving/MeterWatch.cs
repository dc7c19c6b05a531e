using System.Diagnostics.Metrics;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>Adds up what one counter of one composition counts.</summary>
internal sealed class MeterWatch : IDisposable
{
    private readonly MeterListener _listener = new();
    private IMeterFactory? _meters;
    private long _sum;

    public MeterWatch(string instrument)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && (_meters is null || ReferenceEquals(published.Meter.Scope, _meters)))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
    }

    public long Sum => Interlocked.Read(ref _sum);

    /// <summary>Begins to listen to the meters of one composition alone.</summary>
    public void Follow(IMeterFactory meters)
    {
        _meters = meters;
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();
}
