using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidnightOS.Core.Documents;

/// <summary>How documents, flow inputs and outbox records are written: camelCase, enums by name in camelCase, times in UTC with Z, no nulls.</summary>
public static class DocumentJson
{
    /// <summary>The one set of options.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes UTF-8 JSON.</summary>
    public static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Writes JSON text.</summary>
    public static string ToText<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads UTF-8 JSON that this platform wrote; anything else is a bug and throws.</summary>
    public static T Deserialize<T>(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize<T>(json.Span, Options) ?? throw new JsonException($"The stored {typeof(T).Name} is null.");

    /// <summary>Reads JSON text that this platform wrote; anything else is a bug and throws.</summary>
    public static T Deserialize<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The stored {typeof(T).Name} is null.");

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new UtcTimeConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
