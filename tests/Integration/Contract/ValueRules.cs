using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>What holds for every value of an answer, wherever it stands: times, ids and amounts.</summary>
internal static partial class ValueRules
{
    private static readonly Dictionary<string, string> PrefixOf = new(StringComparer.Ordinal)
    {
        ["botId"] = "bot_",
        ["sessionId"] = "cnv_",
        ["operationId"] = "op_",
        ["userId"] = "usr_",
        ["tenantId"] = "ten_",
    };

    /// <summary>Sentences by the name of a field: no values.</summary>
    private const string Details = "details";

    private static readonly string[] Amounts = ["amount", "total", "available", "reserved", "fee"];

    /// <summary>What breaks a rule, by path.</summary>
    public static IEnumerable<string> Breaches(JsonElement value, string path = "$") => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Where(static property => property.Name != Details).SelectMany(property => OfProperty(property, $"{path}.{property.Name}").Concat(Breaches(property.Value, $"{path}.{property.Name}")))
            .Concat(OfAmount(value, path)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, index) => Breaches(item, $"{path}[{index}]")),
        JsonValueKind.String when LooksLikeTime().IsMatch(value.GetString()!) && !ApiSchema.UtcTime().IsMatch(value.GetString()!) => [$"{path}: {value} is not in UTC"],
        _ => [],
    };

    private static IEnumerable<string> OfProperty(JsonProperty property, string path)
    {
        if (property.Value.ValueKind != JsonValueKind.String)
        {
            return Amounts.Contains(property.Name, StringComparer.Ordinal) && property.Value.ValueKind == JsonValueKind.Number ? [$"{path} is a number"] : [];
        }

        var text = property.Value.GetString()!;
        return property.Name == "id" && !Id().IsMatch(text) ? [$"{path}: {text} is no id"]
            : PrefixOf.TryGetValue(property.Name, out var prefix) && !(Id().IsMatch(text) && text.StartsWith(prefix, StringComparison.Ordinal)) ? [$"{path}: {text} is no {prefix} id"]
            : Amounts.Contains(property.Name, StringComparer.Ordinal) && !Decimal().IsMatch(text) ? [$"{path}: {text} is no decimal"]
            : property.Name == "atomic" && !Whole().IsMatch(text) ? [$"{path}: {text} is no integer"]
            : [];
    }

    /// <summary>The atomic units beside an amount of NIGHT are a million times it.</summary>
    private static IEnumerable<string> OfAmount(JsonElement owner, string path)
    {
        if (!owner.TryGetProperty("atomic", out var atomic) || atomic.ValueKind != JsonValueKind.String
            || !owner.TryGetProperty("token", out var token) || token.GetString() != "NIGHT")
        {
            return [];
        }

        var amount = owner.TryGetProperty("amount", out var named) ? named.GetString()! : owner.GetProperty("total").GetString()!;
        var parts = amount.Split('.');
        var expected = BigInteger.Parse(parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(6, '0'), CultureInfo.InvariantCulture);
        return expected == BigInteger.Parse(atomic.GetString()!, CultureInfo.InvariantCulture) ? [] : [$"{path}: {amount} is not {atomic} atomic units"];
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LooksLikeTime();

    [GeneratedRegex("^([a-z]{2,3}_[0-9A-HJKMNP-TV-Z]{26}|evt_[0-9]{20})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"^(0|[1-9]\d*)(\.\d*[1-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(0|[1-9]\d*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();
}
