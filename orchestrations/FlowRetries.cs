using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations;

/// <summary>Retry policies of the flows.</summary>
internal static class FlowRetries
{
    /// <summary>For what must not be given up because of an outage: about a day.</summary>
    public static RetryPolicy Persistent { get; } = new(1500, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromMinutes(1));

    /// <summary>For what has not left the platform yet and may be given up: about an hour.</summary>
    public static RetryPolicy Patient { get; } = new(130, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(30));
}
