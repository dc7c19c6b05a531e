using System.Text.Json;
using System.Text.Json.Serialization;
using MidnightOS.Core.Documents;

namespace MidnightOS.Api;

/// <summary>How the API reads and writes JSON: camelCase, enums by name, times in UTC with Z, numbers never from strings, no field twice and none that is not known.</summary>
internal static class ApiJson
{
    public const int MaxDepth = 32;

    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Makes a set of options like <see cref="Options"/>; the framework writes answers with its own copy.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = MaxDepth;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new UtcTimeConverter());
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Apply(options);

        // Of these options alone: the framework makes the schemas of answers from its own, and answers may grow.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
