using System.Text.Json;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>Judges the answer to a probe.</summary>
internal static class Verdict
{
    /// <summary>What is wrong with the answer; null when nothing is.</summary>
    public static string? Of(Probe probe, RawAnswer answer)
    {
        var status = answer.Status;
        if (status == 0)
        {
            return probe.HangsUp ? null : "no answer";
        }

        if (status >= 500)
        {
            return "a 5xx";
        }

        if (probe.IsTheServers)
        {
            return ServersOwn(answer);
        }

        if (probe.Expected.Count > 0 && !probe.Expected.Contains(status))
        {
            return $"not {string.Join(" or ", probe.Expected)}";
        }

        return status < 400 || probe.Method == "HEAD" ? null : OfError(probe, answer);
    }

    /// <summary>What an error lacks of the shape of the contract; null when nothing.</summary>
    public static string? ShapeOf(RawAnswer answer)
    {
        if (answer.Header("Content-Type") != "application/problem+json")
        {
            return $"the type {answer.Header("Content-Type")}";
        }

        var problem = JsonDocument.Parse(answer.Body).RootElement;
        var error = problem.GetProperty("error");
        var code = ErrorCodes.All.SingleOrDefault(known => known.Name == error.GetProperty("code").GetString());
        return code is null ? "a code that is not listed"
            : code.Status != answer.Status || problem.GetProperty("status").GetInt32() != answer.Status ? $"{code.Name} with another status"
            : error.GetProperty("message").GetString() is not { Length: > 0 } ? "no message"
            : error.GetProperty("details").ValueKind != JsonValueKind.Object ? "no details"
            : problem.GetProperty("traceId").GetString() is not { Length: > 0 } ? "no trace id"
            : problem.GetProperty("title").GetString() != code.Title ? "another title"
            : null;
    }

    /// <summary>What is wrong with a refusal of the web server itself; null when nothing is.</summary>
    public static string? ServersOwn(RawAnswer answer) =>
        answer.Status is < 400 or >= 500 ? "not refused"
        : answer.Body.Length > 0 ? "a body"
        : answer.Header("Connection") != "close" ? "the connection stays open"
        : null;

    private static string? OfError(Probe probe, RawAnswer answer)
    {
        if (ShapeOf(answer) is { } misshapen)
        {
            return misshapen;
        }

        if (answer.Status != 400 || probe.Field is not { } field)
        {
            return null;
        }

        var named = JsonDocument.Parse(answer.Body).RootElement.GetProperty("error").GetProperty("details").EnumerateObject().Select(static p => p.Name).ToList();
        return named.Exists(name => IsAbout(name, field)) ? null : $"details name {string.Join(", ", named)} and not {field}";
    }

    // A list may be named for its item, and a field of an object for the object that took its place.
    private static bool IsAbout(string name, string field) =>
        name.StartsWith(field, StringComparison.Ordinal) || field.StartsWith(name + "[", StringComparison.Ordinal);
}
