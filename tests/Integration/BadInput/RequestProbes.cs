using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>Changes the outside of a valid request: its target, its headers, how its body is written and sent.</summary>
internal static class RequestProbes
{
    private static readonly string[] Tokens =
    [
        "", "Bearer", "Bearer ", "Bearer  x", "Bearer null", "Bearer undefined", "bearer a.b.c", "Basic YTpi", "Digest username=\"a\"", "Token x", "Bearer a.b.c, Bearer d.e.f", "\u00e9\u00e8", "Bearer \u00ff\u00fe",
        "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer ....", "Bearer " + new string('a', 9000), "Bearer ../../keys", "Bearer %00", "Bearer ' OR 1=1--", "Bearer {\"alg\":\"none\"}",
    ];

    private static readonly string[] ContentTypes =
    [
        "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=latin1", "application/json; charset=utf-7", "application/jsonp", "json",
        "application/", "/json", "*/*", "application/json, text/plain", "\u00e9", "application/octet-stream", ";", "application/json; charset=",
    ];

    private static readonly string[] Keys =
    [
        "", " ", "a b", "a\tb", "\u00e9", "\u0080", new string('k', 256), new string('k', 5000), "a,\u00fc", "\u00f0\u009f\u0092\u00b8",
    ];

    private static readonly string[] Versions = ["", "abc", "\"", "\"a", "W/\"a\"", "\"a\", \"b\"", "\"\u00e9\"", "\"" + new string('e', 5000) + "\"", "\"no such version\"", "0", "null", "\"*\"", "**"];

    private static readonly string[] Accepts = ["", "*/*", "text/html", "q=1", "application/json;q=0", "text/event-stream;q=nonsense", ",,,", "\u00e9", new string('a', 4000), "image/*, application/xml;q=0.9"];

    private static readonly string[] Queries =
    [
        "?", "??", "?&&&", "?=", "?%", "?%zz", "?a=%00", "?a=%ff", "?a=%c0%af", "?limit", "?" + new string('a', 6000), "?a[b]=c", "?a=1&a=2", "?\u00e9", "?__proto__=1", "?#",
    ];

    private static readonly string[] Limits = ["0", "-1", "101", "1e2", "2147483648", "18446744073709551616", "1.0", "%D9%A5", "", "%20", "abc", "0x1", "+1", "null", "NaN", "1%00", "%201", "1%20", "5&limit=6", "007.", "00000000000000000000000000000000000000000001x"];

    /// <summary>The parameters of the operation, each with odd values.</summary>
    public static IEnumerable<Probe> OfParameters(Probe valid, IReadOnlyList<string> parameters, string cursor)
    {
        foreach (var (parameter, values, statuses) in Parameters(cursor).Where(one => parameters.Contains(one.Parameter, StringComparer.Ordinal)))
        {
            foreach (var value in values)
            {
                var inHeader = char.IsUpper(parameter[0]);
                yield return valid with
                {
                    What = $"{parameter}: {(value.Length > 50 ? value[..50] : value)}",
                    Headers = inHeader ? [$"{parameter}: {value}"] : [],
                    Target = inHeader ? valid.Target : $"{valid.Target.Split('?')[0]}?{parameter}={value}",
                    Expected = statuses,
                };
            }
        }
    }

    /// <summary>Who asks and what for, for any operation.</summary>
    public static IEnumerable<Probe> OfHeaders(Probe valid, bool isOpen)
    {
        foreach (var token in Tokens)
        {
            yield return valid with { What = $"Authorization: {token[..Math.Min(40, token.Length)]}", Authorization = token, Expected = isOpen ? [] : [401] };
        }

        yield return valid with { What = "no Authorization", Authorization = null, Expected = isOpen ? [] : [401] };
        if (valid.Authorization is { } authorization)
        {
            yield return valid with { What = "Authorization twice", Headers = [$"Authorization: {authorization}"], Expected = isOpen ? [] : [401] };
            yield return valid with { What = "Authorization cut", Authorization = authorization[..^2], Expected = isOpen ? [] : [401] };
        }

        foreach (var accept in Accepts)
        {
            yield return valid with { What = $"Accept: {accept[..Math.Min(40, accept.Length)]}", Headers = [$"Accept: {accept}"] };
        }

        foreach (var header in new[] { "Host: evil.example", "X-HTTP-Method-Override: DELETE", "Origin: null", "Range: bytes=0-0", "If-None-Match: *", "Cookie: \u00e9=\u0080;;;", "X-Forwarded-For: ' OR 1=1", "Expect: 100-continue", "Upgrade: h2c", "Accept-Encoding: gzip;q=x", "traceparent: 00-zz-zz-zz", "baggage: \u00e9", "Content-Language: \u00e9" })
        {
            yield return valid with { What = header, Headers = [header] };
        }
    }

    /// <summary>Paths and queries.</summary>
    public static IEnumerable<Probe> OfTargets(Probe valid, string template)
    {
        var path = valid.Target.Split('?')[0];
        string[] targets =
        [
            path + "/", "/" + path, path.Replace("/api/", "/api//", StringComparison.Ordinal), path.ToUpperInvariant(), "/%2e%2e" + path, "/x/.." + path, path + "/..", path + "/%2e%2e/%2e%2e", path + "%00", path + "%2f", path + ";a=b", path + "/" + new string('x', 7000),
            "/api/%61uth" + path, path + "%0d%0aX-Injected:%201", path.Replace("/", "%2f", StringComparison.Ordinal)[3..], path + "/.", path + "\\", path + "/%5c..%5c", path + ".json", path + "/%ff", path + "/\u00e9",
        ];
        foreach (var target in targets.Select(static target => target.StartsWith('/') ? target : "/" + target).Concat(Queries.Select(query => path + query)))
        {
            yield return valid with { What = $"target {target[..Math.Min(60, target.Length)]}", Target = target };
        }

        if (template.Contains('{', StringComparison.Ordinal))
        {
            var (before, after) = (template[..template.IndexOf('{', StringComparison.Ordinal)], template[(template.IndexOf('}', StringComparison.Ordinal) + 1)..]);
            foreach (var id in OddValues.Ids)
            {
                yield return valid with { What = $"id {id[..Math.Min(40, id.Length)]}", Target = before + id + after };
            }
        }
    }

    /// <summary>A body in other characters, lengths and pieces.</summary>
    public static IEnumerable<Probe> OfBodies(Probe valid)
    {
        var utf8 = valid.Body!;
        var text = Encoding.UTF8.GetString(utf8);
        foreach (var type in ContentTypes)
        {
            yield return valid with { What = $"Content-Type: {type}", ContentType = type, Expected = type is "application/json; charset=" ? [] : [415] };
        }

        yield return valid with { What = "no Content-Type", ContentType = null, Expected = [415] };
        foreach (var (what, bytes, mustFail) in Encoded(text))
        {
            yield return valid with { What = what, Body = bytes, Expected = mustFail ? [400] : [] };
        }

        foreach (var (what, bytes) in Coded(utf8))
        {
            yield return valid with { What = what, Body = bytes, Headers = [$"Content-Encoding: {what}"], Expected = [400, 415] };
        }

        foreach (var (what, body) in Broken(text))
        {
            yield return valid with { What = what, Body = Encoding.UTF8.GetBytes(body), Field = "body", Expected = [400] };
        }

        // The keys of a circuit are large: a body above their limit is refused before it is sent whole, which is another test's matter.
        if (!valid.Operation.EndsWith("/calls", StringComparison.Ordinal))
        {
            yield return valid with { What = "too large", Body = Encoding.UTF8.GetBytes(text + new string(' ', 70_000)), Expected = [413] };
        }

        foreach (var probe in Sent(valid))
        {
            yield return probe;
        }
    }

    private static IEnumerable<(string Parameter, IReadOnlyList<string> Values, IReadOnlyList<int> Statuses)> Parameters(string cursor)
    {
        yield return ("Idempotency-Key", Keys, [400]);
        yield return ("If-Match", Versions.Skip(1).ToList(), [400, 404, 412]);
        yield return ("limit", Limits, [400]);
        yield return ("cursor", ["", "a", "!!!", "AAAA", "..", "%00", cursor[..^1], cursor + "A", cursor[2..], char.ToUpperInvariant(cursor[0]) + "x" + cursor[2..], new string('A', 3000), "bnVsbA", "eyJhIjoxfQ", "%D9%A5", "_____"], [400]);
        yield return ("dryRun", ["yes", "1", "0", "TRUE%20x", "null", "%00", "tru", "[]", "true%00", "%20true", "true&dryRun=false", "true&dryRun=true"], [400]);
        yield return ("sweepTo", ["x", "%00", "mn_addr1", "..", new string('a', 3000), "%ff"], [400, 404, 409, 422]);
        yield return ("Last-Event-ID", ["0", "evt_", "evt_1", "evt_0000000000000000000x", "' OR 1=1", "\u00e9", new string('9', 4000), "evt_-0000000000000000001"], [400]);
    }

    private static IEnumerable<(string What, byte[] Bytes, bool MustFail)> Encoded(string text)
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true) })
        {
            yield return ($"{encoding.WebName}", encoding.GetBytes(text), true);
            yield return ($"{encoding.WebName} with its mark", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)], true);
        }

        yield return ("utf-8 with a mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)], false);
        var inside = text.IndexOf(":\"", StringComparison.Ordinal) + 2;
        foreach (var bytes in new byte[][] { [0xC3, 0x28], [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x00], [0xE9] })
        {
            yield return ($"bytes {Convert.ToHexString(bytes)} in a text", [.. Encoding.UTF8.GetBytes(text[..inside]), .. bytes, .. Encoding.UTF8.GetBytes(text[inside..])], true);
        }
    }

    private static IEnumerable<(string What, byte[] Bytes)> Coded(byte[] body)
    {
        yield return ("gzip", Packed(body, static stream => new GZipStream(stream, CompressionLevel.Fastest)));
        yield return ("deflate", Packed(body, static stream => new ZLibStream(stream, CompressionLevel.Fastest)));
        yield return ("br", Packed(body, static stream => new BrotliStream(stream, CompressionLevel.Fastest)));
        yield return ("gzip", Packed(new byte[4_000_000], static stream => new GZipStream(stream, CompressionLevel.Fastest)));
    }

    private static byte[] Packed(byte[] body, Func<Stream, Stream> pack)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed))
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }

    private static IEnumerable<(string What, string Body)> Broken(string text)
    {
        for (var part = 0; part < 8; part++)
        {
            yield return ($"cut after {part}/8", text[..(text.Length * part / 8)]);
        }

        foreach (var body in new[] { " ", "null", "[]", "\"text\"", "1", "true", $"[{text}]", text + text, text + ",", text + "}", text + " x", "{" + text, "\ufeff\ufeff" + text, text.Replace(':', '='), text.Replace('"', '\''), text.Replace(",", ",,", StringComparison.Ordinal) + ",", "//c\n" + text })
        {
            yield return ($"body {body[..Math.Min(30, body.Length)]}", body);
        }

        yield return ("thirty thousand arrays", new string('[', 30_000));
        yield return ("ten thousand objects", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)));
    }

    private static IEnumerable<Probe> Sent(Probe valid)
    {
        var body = valid.Body!;
        byte[] Chunked(string size) => [.. Encoding.Latin1.GetBytes(size + "\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
        var right = body.Length.ToString("x", CultureInfo.InvariantCulture);
        var chunked = valid with { TellsLength = false, Headers = ["Transfer-Encoding: chunked", "Connection: close"] };
        yield return chunked with { What = "in a chunk", Body = Chunked(right) };
        yield return chunked with { What = "in a chunk with an extension", Body = Chunked($"{right};x={new string('y', 100)}") };
        yield return chunked with { What = "less than its chunk", Body = Chunked(right + "0"), HangsUp = true };
        foreach (var size in new[] { "zz", "-1", "ffffffffffffffffff", "0x10", "", " ", "1" })
        {
            yield return chunked with { What = $"chunk of {size}", Body = Chunked(size), Expected = [400] };
        }

        foreach (var part in new[] { 0, body.Length / 2, body.Length - 1 })
        {
            yield return valid with { What = $"aborted after {part} bytes", TellsLength = false, Headers = [$"Content-Length: {body.Length}", "Connection: close"], Body = body[..part], HangsUp = true };
        }
    }
}
