using System.Text.Json;
using System.Text.Json.Nodes;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>A change as a JSON merge patch (RFC 7396).</summary>
internal static class MergePatch
{
    /// <summary>Applies a patch to a record and reads the outcome by the same rules as a body; <c>INVALID_REQUEST</c> names the field at fault.</summary>
    /// <param name="target">The record as it is.</param>
    /// <param name="patch">A JSON object.</param>
    public static Result<T> Apply<T>(T target, ReadOnlyMemory<byte> patch)
        where T : class
    {
        var merged = Merge(JsonSerializer.SerializeToNode(target, ApiJson.Options), JsonNode.Parse(patch.Span));
        return RequestJson.Read<T>(JsonSerializer.SerializeToUtf8Bytes(merged, ApiJson.Options));
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], change);
            }
        }

        return merged;
    }
}
