using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>A valid request of an operation with one thing changed.</summary>
/// <param name="Operation">The operation of the document: <c>METHOD /path</c>.</param>
/// <param name="What">What was changed, for the output.</param>
/// <param name="Method">The method that is sent.</param>
/// <param name="Target">The target that is sent, as it is.</param>
internal sealed record Probe(string Operation, string What, string Method, string Target)
{
    public byte[]? Body { get; init; }

    public string? ContentType { get; init; } = "application/json";

    /// <summary>Sent as they are, one line each, Latin-1.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The whole value of the Authorization header; null = none.</summary>
    public string? Authorization { get; init; }

    /// <summary>The only statuses that are right; empty = any that is no 5xx.</summary>
    public IReadOnlyList<int> Expected { get; init; } = [];

    /// <summary>The field that a 400 must name; null when the change lies in no field of the body.</summary>
    public string? Field { get; init; }

    /// <summary>Whether the body's length goes in a header; otherwise the headers speak of it themselves.</summary>
    public bool TellsLength { get; init; } = true;

    /// <summary>Whether the client hangs up after what it sent, so that no answer is one too.</summary>
    public bool HangsUp { get; init; }

    /// <summary>Whether the web server itself refuses the request, before any code of the platform runs: it then answers without a body and closes.</summary>
    /// <remarks>A target with a NUL or a byte that is not ASCII, a header whose bytes are not UTF-8, a second Host. Everything else that is a whole request has to get the contract's errors.</remarks>
    public bool IsTheServers =>
        Target.Split('?')[0].Contains("%00", StringComparison.Ordinal)
        || !Ascii.IsValid(Target) || Headers.Append(Authorization).Append(Body is null ? null : ContentType).Any(static header => header is not null && !Utf8.IsValid(Encoding.Latin1.GetBytes(header)))
        || Headers.Any(static header => header.StartsWith("Host:", StringComparison.Ordinal));

    /// <summary>The request as it goes over the wire.</summary>
    public byte[] ToBytes(string host)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Target} HTTP/1.1\r\nHost: {host}\r\n");
        if (Authorization is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Authorization: {Authorization}\r\n");
        }

        if (Body is not null && ContentType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        }

        if (TellsLength && (Body is not null || Method is "POST" or "PUT" or "PATCH"))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body?.Length ?? 0}\r\n");
        }

        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Body ?? []];
    }
}
