using System.Text.Json;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>A message of the sub-protocol graphql-transport-ws (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).</summary>
internal sealed record SocketFrame(string Type, string? Id = null, JsonElement Payload = default)
{
    public const string SubProtocol = "graphql-transport-ws";

    public static byte[] Init { get; } = "{\"type\":\"connection_init\"}"u8.ToArray();

    public static byte[] Ping { get; } = "{\"type\":\"ping\"}"u8.ToArray();

    public static byte[] Pong { get; } = "{\"type\":\"pong\"}"u8.ToArray();

    public static byte[] Subscribe(string id, GraphQlRequest request) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type = "subscribe", id, payload = request }, GraphQlJson.Options);

    public static byte[] Complete(string id) => JsonSerializer.SerializeToUtf8Bytes(new { type = "complete", id }, GraphQlJson.Options);

    /// <summary>The errors of an <c>error</c> message.</summary>
    public static IReadOnlyList<GraphQlError> Errors(JsonElement payload) => payload.ValueKind is JsonValueKind.Array
        ? payload.Deserialize<GraphQlError[]>(GraphQlJson.Options) ?? []
        : [new GraphQlError("The server named no reason.")];

    /// <summary>Reads a message; one that is no message of the protocol throws <see cref="JsonException"/>.</summary>
    public static SocketFrame Read(ReadOnlySpan<byte> message) =>
        JsonSerializer.Deserialize<SocketFrame>(message, GraphQlJson.Options) ?? throw new JsonException("An empty message.");
}

/// <summary>Why a subscription ended without its reader's wish.</summary>
internal enum SubscriptionEnd
{
    /// <summary>The connection is gone.</summary>
    Closed,

    /// <summary>The server ended the subscription.</summary>
    Completed,

    /// <summary>The reader was too slow; what the buffer holds is delivered first.</summary>
    Overrun,
}

/// <summary>A subscription ended without its reader's wish; it can be resumed from the last delivered event.</summary>
internal sealed class SubscriptionEndedException(SubscriptionEnd reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public SubscriptionEnd Reason { get; } = reason;
}
