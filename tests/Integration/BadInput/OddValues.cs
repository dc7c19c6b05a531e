using System.Globalization;
using System.Text.Json;
using MidnightOS.Tests.Integration.Isolation;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>Values that a field may be sent, as raw JSON.</summary>
internal static class OddValues
{
    /// <summary>Numbers that are JSON and few expect.</summary>
    public static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1.5", "1e400", "-1e400", "1e-400", "2147483648", "9223372036854775808", "18446744073709551616", "1E+2",
        "0.1234567890123456789012345678901234567890", "340282366920938463463374607431768211456", "99999999999999999999999999999999999999999999999999999999999999999999",
    ];

    /// <summary>What is no JSON at all.</summary>
    public static readonly string[] NoJson =
    [
        "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "1e", "0x10", "'text'", "undefined", "tru", "\"open", "\"\\x41\"", "\"\\u12\"", "\"line\nend\"", "\"tab\tin\"", "/* c */ 1", "1 // c", "[1,]", "{\"a\":}", "{a:1}", "",
    ];

    /// <summary>Values of every type, structures among them.</summary>
    public static readonly string[] Structures =
    [
        "null", "true", "false", "[]", "{}", "[null]", "[[]]", "[{}]", "[1,\"a\",null,{}]", "{\"a\":1}", "{\"$ne\":null}", "{\"__proto__\":{\"a\":1}}", "{\"\":\"\"}",
        new string('[', 20) + new string(']', 20), Nested(20), new string('[', 40) + new string(']', 40), Nested(40), "{\"a\":1,\"a\":2}",
    ];

    /// <summary>Texts, as JSON strings.</summary>
    public static readonly string[] Texts =
    [
        .. new[]
        {
            "", " ", "\t\n", "text", "null", "0", "-0", "-1", "+1", "007", "1e400", "1e3", "0x10", "NaN", "Infinity", "1,5", "1_000", "0.0000001", "18446744073709551615", "18446744073709551616",
            "340282366920938463463374607431768211456", "0.1234567890123456789012345678901234567890", "٥", "१२", "１", "½", "1\u00a0000", "..", "../../etc/passwd", "a\0b", "\u0001", "\u007f", "\u202eevil", "\ufeffbom",
            "e\u0301", "💸", "\uffff", "'; DROP TABLE documents;--", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", "%00", "%s%n", "a@b", "A@EXAMPLE.COM", "ann@example.com ", "general ", "GENERAL",
        }.Select(static text => JsonSerializer.Serialize(text)),
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", $"\"{new string('a', 101)}\"", $"\"{new string('a', 257)}\"", $"\"{new string('a', 9000)}\"", $"\"{string.Concat(Enumerable.Repeat("💸", 5000))}\"",
    ];

    /// <summary>What an address may be mistaken for, made from a right one.</summary>
    public static IReadOnlyList<string> Addresses(string right) =>
    [
        .. new[]
        {
            right, right.ToUpperInvariant(), char.ToUpperInvariant(right[0]) + right[1..], right[..^1] + char.ToUpperInvariant(right[^1]), $" {right}", $"{right} ", $"{right}\n", $"\u200b{right}", right[..^1], right + "q",
            right[..^1] + (right[^1] == 'q' ? 'p' : 'q'), right[..30] + right[31..], right.Replace("undeployed", "preview", StringComparison.Ordinal), right.Replace("undeployed", "test", StringComparison.Ordinal),
            right.Replace("_undeployed", "", StringComparison.Ordinal), right.Replace("mn_addr", "mn_shield-addr", StringComparison.Ordinal), right.Replace("mn_addr", "mn_dust", StringComparison.Ordinal), right.Replace("mn_addr", "mn_addr_addr", StringComparison.Ordinal),
            right.Replace('1', 'l'), "mn_addr1", "mn_addr_undeployed1", "1", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0x52908400098527886E0F7030069857D2E4169EE7", $"{right},{right}", $"mailto:{right}",
        }.Select(static text => JsonSerializer.Serialize(text)),
    ];

    /// <summary>What may stand for an id in a path.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. IsolationTests.OddIds, "%E2%82%AC", "a;b=c", "%3cscript%3e", "%2e%2e%2f%2e%2e%2fhealth", ".%00.", "~root", "bot_%F0%9F%92%B8", "%c3%28", "%u0041", "%zz", "%"];

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + depth.ToString(CultureInfo.InvariantCulture) + new string('}', depth);
}
