using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using System.Text.Json;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Unit.Api;

public sealed class RequestJsonTests
{
    [Fact]
    public void Read_EverythingRight_GivesTheRecord()
    {
        var sample = Read("""{"name":"n","kind":"twoWords","count":3,"parts":[{"title":"t"}],"tags":["x"],"bag":{"any":[1,{"thing":null}]}}""").Value;
        Assert.Equal(("n", Kind.TwoWords, 3, "t"), (sample.Name, sample.Kind, sample.Count, sample.Parts![0].Title));
    }

    [Theory]
    [InlineData("""{"kind":"one"}""", "name")]
    [InlineData("""{"name":null,"kind":"one"}""", "name")]
    [InlineData("""{"Name":"n","kind":"one"}""", "name")]
    [InlineData("""{"name":" ","kind":"one"}""", "name")]
    [InlineData("""{"name":"12345678901","kind":"one"}""", "name")]
    [InlineData("""{"name":"n","name":"m","kind":"one"}""", "name")]
    [InlineData("""{"name":"n","kind":"One"}""", "kind")]
    [InlineData("""{"name":"n","kind":"three"}""", "kind")]
    [InlineData("""{"name":"n","kind":"one, twoWords"}""", "kind")]
    [InlineData("""{"name":"n","kind":1}""", "kind")]
    [InlineData("""{"name":"n","kind":"one","count":"3"}""", "count")]
    [InlineData("""{"name":"n","kind":"one","count":1.5}""", "count")]
    [InlineData("""{"name":"n","kind":"one","count":99999999999999999999}""", "count")]
    [InlineData("""{"name":"n","kind":"one","count":101}""", "count")]
    [InlineData("""{"name":"n","kind":"one","parts":{}}""", "parts")]
    [InlineData("""{"name":"n","kind":"one","parts":[{"title":"t"},{}]}""", "parts[1].title")]
    [InlineData("""{"name":"n","kind":"one","parts":[{"title":"t"},null]}""", "parts[1]")]
    [InlineData("""{"name":"n","kind":"one","parts":[{"title":7}]}""", "parts[0].title")]
    [InlineData("""{"name":"n","kind":"one","parts":[{"title":""}]}""", "parts[0].title")]
    [InlineData("""{"name":"n","kind":"one","tags":["x",null]}""", "tags[1]")]
    [InlineData("""{"name":"n","kind":"one","tags":["x",""]}""", "tags")]
    [InlineData("""{"name":"n","kind":"one","bag":{"a":{"b":1,"b":2}}}""", "bag.a.b")]
    [InlineData("""{"name":"n","kind":"one","bag":{"a":["\ud800"]}}""", "bag.a[0]")]
    [InlineData("""{"name":"n","kind":"one","bag":{"\ud800":1}}""", "bag")]
    [InlineData("""{"name":"n","kind":"one","more":1}""", "more")]
    [InlineData("""{"name":"n","kind":"one","Count":1}""", "Count")]
    [InlineData("""{"name":"n","kind":"one","count ":null}""", "count ")]
    [InlineData("""{"name":"n","kind":"one","parts":[{"title":"t"},{"title":"t","titel":"t"}]}""", "parts[1].titel")]
    [InlineData("""{"name":"n","kind":"one",}""", "body")]
    [InlineData("""{"name":"n","kind":"one"} x""", "body")]
    [InlineData("""{"name":NaN,"kind":"one"}""", "body")]
    [InlineData("\"text\"", "body")]
    public void Read_WrongField_NamesIt(string json, string field)
    {
        var error = Read(json).Error;
        Assert.Equal(ErrorCodes.InvalidRequest, error?.Code);
        Assert.Contains(field, error!.Details!.Keys);
    }

    [Fact]
    public void Read_BytesThatAreNoUtf8_IsInvalidRequest()
    {
        byte[] json = [.. "{\"kind\":\"one\",\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.Equal(ErrorCodes.InvalidRequest, RequestJson.Read<Sample>(json).Error?.Code);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void AddressOf_Client_IsWhatIsCounted(string address, string expected) =>
        Assert.Equal(expected, RateLimitMiddleware.AddressOf(IPAddress.Parse(address)));

    private static Result<Sample> Read(string json) => RequestJson.Read<Sample>(Encoding.UTF8.GetBytes(json));

    private enum Kind
    {
        One,
        TwoWords,
    }

    private sealed record Sample
    {
        [Text(10)]
        public required string Name { get; init; }

        public required Kind Kind { get; init; }

        [Range(0, 100, ErrorMessage = "must be 0 to 100")]
        public int Count { get; init; }

        public IReadOnlyList<Part>? Parts { get; init; }

        [Text(5)]
        public IReadOnlyList<string>? Tags { get; init; }

        public Dictionary<string, JsonElement>? Bag { get; init; }
    }

    private sealed record Part
    {
        [Text(10)]
        public required string Title { get; init; }
    }
}
