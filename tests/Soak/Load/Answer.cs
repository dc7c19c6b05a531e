using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Soak.Load;

/// <summary>A final answer: one that the same request would get again.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">The body as it came.</param>
internal sealed record Answer(int Status, string Text)
{
    public JsonNode Body { get; } = Text.Length == 0 ? new JsonObject() : JsonNode.Parse(Text)!;

    public bool IsSuccess => Status is >= 200 and < 300;

    public string? Code => (string?)Body["error"]?["code"];
}
