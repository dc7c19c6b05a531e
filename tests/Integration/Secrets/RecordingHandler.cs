using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>Keeps every answer, headers and body, without the fields whose purpose is to carry a secret.</summary>
internal sealed class RecordingHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly Dictionary<string, string[]> Meant = new(StringComparer.Ordinal)
    {
        ["/api/auth/register"] = ["token", "refreshToken"],
        ["/api/auth/login"] = ["token", "refreshToken"],
        ["/api/auth/refresh"] = ["token", "refreshToken"],
        ["export"] = ["mnemonic"],
    };

    private readonly ConcurrentQueue<string> _answers = new();

    public string Text => string.Join('\n', _answers);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        var fields = Meant.GetValueOrDefault(path) ?? (path.EndsWith("/wallet/export", StringComparison.Ordinal) ? Meant["export"] : []);
        if (fields.Length > 0 && response.IsSuccessStatusCode)
        {
            var json = JsonNode.Parse(body)!.AsObject();
            Array.ForEach(fields, field => json.Remove(field));
            body = json.ToJsonString();
        }

        _answers.Enqueue($"{request.Method} {path} {response.Headers} {response.Content.Headers} {response.TrailingHeaders} {body}");
        return response;
    }
}
