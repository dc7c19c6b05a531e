using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidnightOS.Midnight.Devnet;

/// <summary>A devnet that answers.</summary>
/// <param name="Indexer">The indexer's origin, <c>http://127.0.0.1:PORT</c>.</param>
/// <param name="Node">The node's JSON-RPC address.</param>
/// <param name="Height">The height of the chain's tip.</param>
/// <param name="Pid">The process.</param>
public sealed record DevnetReady(Uri Indexer, Uri Node, long Height, int Pid)
{
    /// <summary>Reads the line that the devnet prints on standard output; null when it is another line.</summary>
    internal static DevnetReady? Parse(string line)
    {
        try
        {
            var ready = JsonSerializer.Deserialize(line, DevnetJson.Default.DevnetLine);
            return ready is { Event: "ready", Indexer: { } indexer, Node: { } node } ? new DevnetReady(indexer, node, ready.Height, ready.Pid) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A line of the devnet: the ready line on standard output, or a log line on standard error.</summary>
internal sealed record DevnetLine
{
    public string? Event { get; init; }

    public string? Level { get; init; }

    public string? Message { get; init; }

    public Uri? Indexer { get; init; }

    public Uri? Node { get; init; }

    public long Height { get; init; }

    public int Pid { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DevnetLine))]
internal sealed partial class DevnetJson : JsonSerializerContext;
