using System.Collections.Concurrent;
using System.Diagnostics;

namespace MidnightOS.Tests.Integration.Telemetry;

/// <summary>A span as it ended.</summary>
internal sealed record RecordedSpan(string Name, string TraceId, string SpanId, string ParentId);

/// <summary>Keeps every span of the platform and of the HTTP server in this process.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<RecordedSpan> _spans = new();
    private readonly ActivityListener _listener;

    public RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("MidnightOS.", StringComparison.Ordinal) || source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _spans.Enqueue(Of(activity)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of a trace so far.</summary>
    public IReadOnlyList<RecordedSpan> Of(string traceId) => [.. _spans.Where(span => span.TraceId == traceId)];

    public void Dispose() => _listener.Dispose();

    private static RecordedSpan Of(Activity activity) =>
        new(activity.DisplayName, activity.TraceId.ToString(), activity.SpanId.ToString(), activity.ParentSpanId.ToString());
}
