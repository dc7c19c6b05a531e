using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidnightOS.Core.Chain;

/// <summary>A Midnight network by the id that its addresses and transactions carry.</summary>
/// <param name="Name"><c>undeployed</c> (devnet), <c>preview</c>, <c>preprod</c> or <c>mainnet</c>.</param>
[JsonConverter(typeof(NetworkIdJsonConverter))]
public sealed record NetworkId(string Name)
{
    /// <summary>The local devnet.</summary>
    public static NetworkId Undeployed { get; } = new("undeployed");

    /// <summary>Whether real value or a public test network stands behind it.</summary>
    [JsonIgnore]
    public bool IsLive => Name != Undeployed.Name;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

internal sealed class NetworkIdJsonConverter : JsonConverter<NetworkId>
{
    public override NetworkId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, NetworkId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
