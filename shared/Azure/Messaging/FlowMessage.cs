using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Azure.Messaging;

/// <summary>A message of the queue <c>flows</c>: a flow to start, or an event to raise to one. The API sends it, the flows' app carries it out.</summary>
/// <remarks>
/// The JSON is <c>{"id":…,"start":{"flow":…,"input":…}}</c> or <c>{"id":…,"event":{"id":…,"name":…,"payload":…}}</c>. Input and payload stand in it as the JSON that
/// they are, not as text in text, so that a message is at most some times as long as they are and always below the 256 KB of a Service Bus message.
/// </remarks>
public sealed record FlowMessage
{
    /// <summary>The queue.</summary>
    public const string Queue = "flows";

    /// <summary>The application property with the trace of who sent it: a W3C <c>traceparent</c>.</summary>
    public const string TraceParentProperty = "traceparent";

    // Service Bus allows 128 characters for a message's and a session's id:
    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
    private const int LongestId = 128;

    // No browser reads it: escaping for HTML would make six bytes of many a character.
    private static readonly JsonSerializerOptions Plain = new(DocumentJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The flow's id.</summary>
    public required string Id { get; init; }

    /// <summary>The flow to start; null in a message with an event.</summary>
    public FlowMessageStart? Start { get; init; }

    /// <summary>The event to raise; null in a message with a start.</summary>
    public FlowMessageEvent? Event { get; init; }

    /// <summary>The session of the message: the flow's id, so that what a flow is told keeps its order.</summary>
    [JsonIgnore]
    public string SessionId => Bounded(Id);

    /// <summary>The message's id, the same for the same start or event however often it is sent, by which the queue drops doubles.</summary>
    [JsonIgnore]
    public string MessageId => Bounded(Event is { } raised ? $"event:{Id}:{raised.Id}" : $"start:{Id}");

    /// <summary>A message that starts a flow.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="id">Its id.</param>
    /// <param name="inputJson">Its input.</param>
    /// <exception cref="FlowPayloadTooLargeException">The input is above the limit.</exception>
    public static FlowMessage OfStart(string flow, string id, string inputJson) => new()
    {
        Id = id,
        Start = new FlowMessageStart(flow, Element(FlowLimits.Check(inputJson, "The flow's input"))),
    };

    /// <summary>A message that raises an event.</summary>
    /// <param name="id">The flow's id.</param>
    /// <param name="eventId">What names this raising.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payloadJson">Its payload.</param>
    /// <exception cref="FlowPayloadTooLargeException">The payload is above the limit.</exception>
    public static FlowMessage OfEvent(string id, string eventId, string name, string payloadJson) => new()
    {
        Id = id,
        Event = new FlowMessageEvent(eventId, name, Element(FlowLimits.Check(payloadJson, "The event's payload"))),
    };

    /// <summary>The message's body, UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Plain);

    /// <summary>Reads a body.</summary>
    /// <returns>The message; null when it is none, which belongs into the dead letters.</returns>
    public static FlowMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<FlowMessage>(body.Span, Plain) is { } message && message.IsWhole() ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsWhole() => !string.IsNullOrEmpty(Id) && (Start, Event) switch
    {
        ({ } start, null) => !string.IsNullOrEmpty(start.Flow) && start.Input.ValueKind != JsonValueKind.Undefined,
        (null, { } raised) => !string.IsNullOrEmpty(raised.Id) && !string.IsNullOrEmpty(raised.Name) && raised.Payload.ValueKind != JsonValueKind.Undefined,
        _ => false,
    };

    private static JsonElement Element(string json) => JsonElement.Parse(json);

    private static string Bounded(string id) => id.Length <= LongestId ? id : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";
}

/// <summary>A flow to start.</summary>
/// <param name="Flow">Its name.</param>
/// <param name="Input">Its input.</param>
public sealed record FlowMessageStart(string Flow, JsonElement Input)
{
    /// <summary>Its input, as <see cref="IFlowClient.StartAsync"/> takes it.</summary>
    [JsonIgnore]
    public string InputJson => Input.GetRawText();
}

/// <summary>An event to raise.</summary>
/// <param name="Id">What names this raising: raised again with the same, it counts once.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Payload">Its payload.</param>
public sealed record FlowMessageEvent(string Id, string Name, JsonElement Payload)
{
    /// <summary>Its payload, as <see cref="IFlowClient.RaiseAsync"/> takes it.</summary>
    [JsonIgnore]
    public string PayloadJson => Payload.GetRawText();
}
