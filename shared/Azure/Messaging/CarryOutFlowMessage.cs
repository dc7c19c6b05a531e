using System.Diagnostics;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Azure.Messaging;

/// <summary>What becomes of a message of the queue <c>flows</c>.</summary>
/// <param name="PutAside">Why it belongs into the dead letters, in a few words; null when it was carried out.</param>
/// <param name="Detail">More for whoever looks at it; never what the message holds.</param>
public sealed record FlowDelivery(string? PutAside, string? Detail)
{
    /// <summary>It was carried out.</summary>
    public static FlowDelivery Done { get; } = new(null, null);
}

/// <summary>Carries out a message of the queue <c>flows</c>: starts the flow, or raises the event. Twice is as once.</summary>
/// <remarks>
/// A start for a flow that exists in any state, and an event for a flow that ended or is none, are done by doing nothing: records decide, events hint, and a flow reads its record when it
/// starts. Sessions keep a start before its events. While the task hub is out of reach the message is tried again here, then given back: a queue that gives it out again at once would
/// have counted its deliveries up within seconds.
/// </remarks>
public sealed class CarryOutFlowMessage(IFlowClient flows, TimeProvider time)
{
    /// <summary>How long a message is tried before it is given back. Its session waits meanwhile, with its lock renewed by the host.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly ActivitySource Activities = new("MidnightOS.Flows");

    /// <summary>Carries it out.</summary>
    /// <param name="body">The message's body.</param>
    /// <param name="traceParent">The trace of who sent it; null for none.</param>
    /// <param name="cancellationToken">The host stops; the message is given back.</param>
    /// <remarks>What is thrown is an outage, or a flow that this version of the app does not know: another instance, or a later try, may do it.</remarks>
    public async Task<FlowDelivery> RunAsync(ReadOnlyMemory<byte> body, string? traceParent, CancellationToken cancellationToken)
    {
        if (FlowMessage.Read(body) is not { } message)
        {
            return new FlowDelivery("unreadable", "The body is no message of the queue flows.");
        }

        using var activity = Activities.Follow("message", message.Start is null ? "event" : "start", traceParent, ActivityKind.Consumer);
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await TryAsync(message, cancellationToken);
                return FlowDelivery.Done;
            }
            catch (FlowPayloadTooLargeException error)
            {
                return new FlowDelivery("too large", error.Message);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested && time.GetElapsedTime(started) + pause < Patience)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private Task TryAsync(FlowMessage message, CancellationToken cancellationToken) => (message.Start, message.Event) switch
    {
        ({ } start, _) => flows.StartAsync(start.Flow, message.Id, start.InputJson, cancellationToken),
        (_, { } raised) => flows.RaiseAsync(message.Id, raised.Id, raised.Name, raised.PayloadJson, cancellationToken),
        _ => throw new InvalidOperationException("A message that was read has a start or an event."),
    };
}
