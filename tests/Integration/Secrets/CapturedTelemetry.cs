using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>Keeps everything that traces and metrics of the process say while it lives.</summary>
internal sealed class CapturedTelemetry : IDisposable
{
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public CapturedTelemetry()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>(Keep);
        _meters.SetMeasurementEventCallback<int>(Keep);
        _meters.SetMeasurementEventCallback<double>(Keep);
        _meters.Start();
    }

    public string Text
    {
        get
        {
            _meters.RecordObservableInstruments();
            return string.Join('\n', _said.Distinct(StringComparer.Ordinal));
        }
    }

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private void Keep(Activity activity)
    {
        var tags = activity.TagObjects.Concat(activity.Events.SelectMany(static told => told.Tags)).Select(static tag => $"{tag.Key}={tag.Value}");
        var baggage = activity.Baggage.Select(static item => $"{item.Key}={item.Value}");
        _said.Enqueue($"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString} {string.Join(' ', tags.Concat(baggage))}");
    }

    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct
    {
        var text = string.Join(' ', tags.ToArray().Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));
        _said.Enqueue($"{instrument.Meter.Name} {instrument.Name} {text}");
    }
}
