using System.Text.Json;

namespace MidnightOS.Midnight.Chain.Rpc;

/// <summary>JSON-RPC 2.0 over HTTP to the node.</summary>
internal sealed class JsonRpc(UpstreamHttp upstream, IChainEndpointSource endpoints)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private long _id;

    /// <summary>Calls a method. What the node itself refuses is a value.</summary>
    public async Task<JsonRpcAnswer> CallAsync(string method, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        var target = await endpoints.GetAsync(cancellationToken);
        var id = Interlocked.Increment(ref _id);
        var request = new { Jsonrpc = "2.0", Id = id, Method = method, Params = parameters };
        var body = JsonSerializer.SerializeToUtf8Bytes(request, Json);
        return await upstream.PostAsync(target.Node, method, body, answer => Read(answer, id), cancellationToken);
    }

    private static JsonRpcAnswer Read(byte[] body, long id)
    {
        var answer = JsonSerializer.Deserialize<JsonRpcAnswer>(body, Json) ?? throw new JsonException("An empty answer.");
        var known = answer.Error is not null || answer.Result.ValueKind is not JsonValueKind.Undefined;
        var ours = answer.Id.ValueKind is JsonValueKind.Null || (answer.Id.ValueKind is JsonValueKind.Number && answer.Id.GetInt64() == id);
        return known && ours ? answer : throw new JsonException("Not an answer to this call.");
    }
}

/// <summary>What a call gave: a result or an error.</summary>
internal sealed record JsonRpcAnswer(JsonElement Id, JsonElement Result, JsonRpcError? Error);

/// <summary>An error of the node.</summary>
internal sealed record JsonRpcError(int Code, string? Message, JsonElement Data)
{
    /// <summary>The message and the data in one line, cut to a length that fits a record.</summary>
    public string Reason
    {
        get
        {
            var data = Data.ValueKind switch
            {
                JsonValueKind.Undefined or JsonValueKind.Null => null,
                JsonValueKind.String => Data.GetString(),
                _ => Data.GetRawText(),
            };
            var text = string.IsNullOrEmpty(data) ? Message ?? $"Error {Code}" : $"{Message}: {data}";
            return text.Length <= 500 ? text : text[..500];
        }
    }
}
