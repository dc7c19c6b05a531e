using System.Text;
using System.Text.Json;
using MidnightOS.Azure.Documents;

namespace MidnightOS.Tests.Azure;

/// <summary>Items as the prover, who may write any, could leave them: they are read as something, and can be replaced.</summary>
public sealed class FoundItemTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"id":"a|b"}""", "stamp", true, "null")]
    [InlineData("""{"id":"a|b","version":17,"body":[]}""", "stamp", true, "[]")]
    [InlineData("""{"id":"a|b","version":"v","expires":null,"body":{}}""", "v", false, "{}")]
    [InlineData("""{"id":"a|b","version":"v","expires":20991231,"body":{}}""", "v", false, "{}")]
    [InlineData("""{"id":"a|b","version":"v","expires":"2026-10-31T00:00:00.0000000Z","body":{}}""", "v", false, "{}")]
    [InlineData("""{"id":"a|b","version":"v","expires":"2026-11-02T00:00:00.0000000Z","body":{"n":1}}""", "v", true, """{"n":1}""")]
    public void FoundItem_OfAnyForm_IsRead(string json, string version, bool isLive, string body)
    {
        using var document = JsonDocument.Parse(json);
        var item = new FoundItem(document.RootElement, "stamp");
        Assert.Equal((version, isLive, body), (item.Version, item.IsLive(Now), Encoding.UTF8.GetString(item.Body.Span)));
    }
}
