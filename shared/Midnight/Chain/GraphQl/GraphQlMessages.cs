using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>A GraphQL operation.</summary>
/// <param name="Query">The document.</param>
/// <param name="OperationName">The operation in it, also its name in logs and metrics.</param>
/// <param name="Variables">Its variables.</param>
internal sealed record GraphQlRequest(string Query, string OperationName, IReadOnlyDictionary<string, object?> Variables);

/// <summary>An answer, or one event of a subscription.</summary>
internal sealed record GraphQlResponse<T>(T? Data = default, IReadOnlyList<GraphQlError>? Errors = null)
{
    /// <summary>The data; errors or no data at all throw.</summary>
    public T Require(string operation)
    {
        if (Errors is { Count: > 0 })
        {
            throw new GraphQlException(operation, Errors);
        }

        return Data ?? throw new JsonException($"{operation}: neither data nor errors.");
    }
}

/// <summary>One error of an answer.</summary>
internal sealed record GraphQlError(string Message);

/// <summary>The server understood the transport but not the operation, or failed inside.</summary>
internal sealed class GraphQlException(string operation, IReadOnlyList<GraphQlError> errors)
    : Exception($"{operation}: {string.Join("; ", errors.Select(error => error.Message))}")
{
    public IReadOnlyList<GraphQlError> Errors { get; } = errors;
}

/// <summary>How GraphQL is read and written.</summary>
internal static class GraphQlJson
{
    // A field that the schema promises and the answer lacks is an unreadable answer, not a null to trip over later.
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = 32,
    };
}
