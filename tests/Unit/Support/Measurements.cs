using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>What the platform's meters measured in the test that made it; other tests of the process measure on flows of their own.</summary>
internal sealed class Measurements : IDisposable
{
    private static readonly AsyncLocal<Measurements?> Current = new();

    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _taken = new();
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        Current.Value = this;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("MidnightOS.", StringComparison.Ordinal) && !instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The measurements of an instrument: value and tags as <c>name=value</c>, in order.</summary>
    public IReadOnlyList<(double Value, string Tags)> Of(string instrument) => [.. _taken.Where(m => m.Name == instrument).Select(static m => (m.Value, m.Tags))];

    public void Dispose()
    {
        Current.Value = null;
        _listener.Dispose();
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Current.Value == this)
        {
            _taken.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))));
        }
    }
}
