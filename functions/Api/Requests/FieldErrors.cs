using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>One error of many fields.</summary>
internal static class FieldErrors
{
    private const int Most = 20;
    private const int LongestName = 100;

    /// <summary>Null when there is no problem. The sentence of the error is about the first field.</summary>
    /// <param name="problems">Field to what is wrong with it: "must not be empty".</param>
    public static Error? From(IReadOnlyDictionary<string, string> problems)
    {
        if (problems.Count == 0)
        {
            return null;
        }

        // Names come from the body: what a client gets back must not grow with what it sent.
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, problem) in problems.Take(Most).Select(static p => (Cut(p.Key), p.Value)))
        {
            details.TryAdd(field, $"{field} {problem}.");
        }

        return new Error(ErrorCodes.InvalidRequest, details.Values.First(), details);
    }

    /// <summary>Names the field that an address came in: the use cases know what is wrong with it, not where it stood.</summary>
    public static Result<T> WithAddressIn<T>(this Result<T> result, string field) =>
        result.Error is { Details: null } error && error.Code == ErrorCodes.InvalidAddress
            ? error with { Details = new Dictionary<string, string>(StringComparer.Ordinal) { [field] = error.Message } }
            : result;

    private static string Cut(string name)
    {
        if (name.Length <= LongestName)
        {
            return name;
        }

        var end = char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName;
        return name[..end] + "…";
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
