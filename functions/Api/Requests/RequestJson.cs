using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>Reads the JSON of a request into a record.</summary>
internal static class RequestJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = ApiJson.MaxDepth, AllowDuplicateProperties = true };

    /// <summary>The record, or <c>INVALID_REQUEST</c> that names the fields at fault.</summary>
    public static Result<T> Read<T>(ReadOnlyMemory<byte> json)
        where T : class
    {
        var info = ApiJson.Options.GetTypeInfo(typeof(T));
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (RequestShape.Check(document.RootElement, info) is { } misshapen)
            {
                return misshapen;
            }
        }
        catch (JsonException)
        {
            return Error.Invalid("body", "The body is not valid JSON.");
        }

        return Deserialize<T>(json, info);
    }

    private static Result<T> Deserialize<T>(ReadOnlyMemory<byte> json, JsonTypeInfo info)
        where T : class
    {
        try
        {
            var value = (T)JsonSerializer.Deserialize(json.Span, info)!;
            return RequestRules.Check(value, info) is { } error ? error : value;
        }
        catch (JsonException exception)
        {
            // The document parsed, so what is left is a value that does not fit its field.
            var field = FieldOf(exception.Path);
            return Error.Invalid(field, field == "body" ? "The body does not have the expected form." : $"{field} has a wrong type or form.");
        }
    }

    private static string FieldOf(string? path) => path is null or "$" ? "body" : path.TrimStart('$').TrimStart('.');
}
