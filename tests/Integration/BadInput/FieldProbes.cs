using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MidnightOS.Api;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>Changes one field of a valid body at a time.</summary>
internal static class FieldProbes
{
    private const string Unknown = "unheardOf";

    public static IEnumerable<Probe> Of(string operation, ValidRequest valid, IReadOnlyList<BodyField> fields, string address, Random random)
    {
        var body = valid.Body!;
        foreach (var field in fields)
        {
            foreach (var (what, path, json, named) in field.Path.Length == 0 ? [] : Values(field, address))
            {
                // What is right creates a bot: a few of those are enough.
                if (operation != "POST /api/bots" || MustFail(field, json) || random.Next(8) == 0)
                {
                    yield return Make($"{field.Name} = {what}", BodyFields.With(body, path, json), named) with { Expected = MustFail(field, json) ? [400] : [] };
                }
            }

            foreach (var (name, value) in field.IsClosed ? Intruders(body, field) : [])
            {
                var at = string.Join('.', [.. field.Path, name]);
                yield return Make($"{at} added", BodyFields.With(body, [.. field.Path, name], value), at) with { Expected = [400] };
            }

            if (field.Path.Length > 0)
            {
                yield return Make($"{field.Name} twice", Twice(body, field.Path), field.Name) with { Expected = [400] };
                yield return Make($"{field.Name} missing", Without(body, field.Path), field.Name);
            }
        }

        Probe Make(string what, string json, string? named) => new(operation, what, operation.Split(' ')[0], valid.TargetOfChanged ?? valid.Target)
        {
            Body = Encoding.UTF8.GetBytes(json),
            Field = named,
        };
    }

    private static IEnumerable<(string What, string[] Path, string Json, string Named)> Values(BodyField field, string address)
    {
        var texts = field.Types.Contains("string", StringComparer.Ordinal) || field.Types.Count == 0 ? OddValues.Texts : OddValues.Texts.Take(6);
        var addresses = field.Path[^1] is "to" or "address" or "amount" ? OddValues.Addresses(address) : [];
        foreach (var json in OddValues.Numbers.Concat(OddValues.Structures).Concat(texts).Concat(addresses))
        {
            // What is too deep to be read is found wrong before anybody knows where it stood.
            yield return (Short(json), field.Path, json, json.Count(static c => c is '[' or '{') >= ApiJson.MaxDepth ? "body" : field.Name);
        }

        foreach (var json in OddValues.NoJson)
        {
            yield return (Short(json), field.Path, json, "body");
        }

        foreach (var json in field.Types.Contains("array", StringComparer.Ordinal) ? OddValues.Texts.Take(40).Concat(OddValues.Addresses(address)).Concat(OddValues.Numbers.Take(4)) : [])
        {
            yield return (Short($"[{json}]"), field.Path, $"[{json}]", field.Name);
        }
    }

    /// <summary>Whether the type alone makes the value wrong.</summary>
    private static bool MustFail(BodyField field, string json)
    {
        if (OddValues.NoJson.Contains(json, StringComparer.Ordinal))
        {
            return true;
        }

        var kind = json[0] switch { 'n' => "null", 't' or 'f' => "boolean", '[' => "array", '{' => "object", '"' => "string", _ => "number" };
        return kind != "null" && field.Types.Count > 0 && !field.Types.Contains(kind, StringComparer.Ordinal) && !(kind == "number" && field.Types.Contains("integer", StringComparer.Ordinal));
    }

    private static IEnumerable<(string Name, string Value)> Intruders(JsonObject body, BodyField field)
    {
        yield return (Unknown, "1");
        yield return (Unknown, "null");
        yield return (Unknown, "{\"a\":[]}");
        var at = field.Path.Aggregate((JsonNode)body, static (node, name) => node[name]!);
        foreach (var (name, value) in at.AsObject())
        {
            yield return (name.ToUpperInvariant(), Json(value));
            yield return (name + " ", Json(value));
            yield return (name[..^1], Json(value));
        }
    }

    private static string Twice(JsonObject body, string[] path)
    {
        var value = Json(path.Aggregate((JsonNode?)body, static (node, name) => node![name]));
        return BodyFields.With(body, path, $"{value},{JsonSerializer.Serialize(path[^1])}:{value}");
    }

    private static string Without(JsonObject body, string[] path)
    {
        var copy = body.DeepClone();
        path[..^1].Aggregate(copy, static (node, name) => node[name]!).AsObject().Remove(path[^1]);
        return copy.ToJsonString();
    }

    private static string Json(JsonNode? node) => node?.ToJsonString() ?? "null";

    private static string Short(string json) => json.Length <= 60 ? json : $"{json[..60]}… ({json.Length})";
}
