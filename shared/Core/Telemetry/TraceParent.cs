using System.Diagnostics;

namespace MidnightOS.Core.Telemetry;

/// <summary>Carries a trace over what is stored, so that work that goes on elsewhere or after a restart stays in the trace of the request that asked for it.</summary>
/// <remarks>The form is the <c>traceparent</c> of W3C Trace Context: <c>00-{trace id}-{span id}-{flags}</c>. It holds nothing of the request itself.</remarks>
public static class TraceParent
{
    /// <summary>What names the current activity; null when there is none.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>The parent for an activity that goes on with a stored one; the default, which is no parent, for null and for what is no traceparent.</summary>
    public static ActivityContext Parse(string? traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context) ? context : default;

    /// <summary>Starts an activity inside the current one; none outside of any: what a host does by itself all the time is measured, not traced.</summary>
    /// <param name="source">The source.</param>
    /// <param name="area">The first word of its name.</param>
    /// <param name="what">The second word; joined only when somebody listens.</param>
    /// <param name="kind">Its kind.</param>
    public static Activity? Within(this ActivitySource source, string area, string what, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Activity.Current is not null && source.HasListeners() ? source.StartActivity($"{area} {what}", kind) : null;
    }

    /// <summary>Starts an activity that goes on with a stored one, when somebody listens and the stored one is recorded.</summary>
    /// <param name="source">The source.</param>
    /// <param name="area">The first word of its name.</param>
    /// <param name="what">The second word; joined only when somebody listens.</param>
    /// <param name="traceParent">What was stored; null goes on with the current activity.</param>
    /// <param name="kind">Its kind.</param>
    public static Activity? Follow(this ActivitySource source, string area, string what, string? traceParent, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.HasListeners() ? source.StartActivity($"{area} {what}", kind, Parse(traceParent)) : null;
    }
}
