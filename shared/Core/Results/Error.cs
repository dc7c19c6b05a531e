namespace MidnightOS.Core.Results;

/// <summary>An expected failure: a stable code, a sentence for the user, and the fields at fault.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>; it decides the HTTP status.</param>
/// <param name="Message">The sentence that the user reads. Never a stack, path, SQL text or secret.</param>
/// <param name="Details">Field name to what is wrong with it, in the names of the JSON contract; null when no field is at fault.</param>
public sealed record Error(ErrorCode Code, string Message, IReadOnlyDictionary<string, string>? Details = null)
{
    /// <summary>How long the caller should wait before it tries again; null when waiting does not help or is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A field of the request is missing, malformed or out of bounds (400).</summary>
    /// <param name="field">The field's name as the client wrote it.</param>
    /// <param name="message">What is wrong with it.</param>
    public static Error Invalid(string field, string message) =>
        new(ErrorCodes.InvalidRequest, message, new Dictionary<string, string>(StringComparer.Ordinal) { [field] = message });

    /// <summary>There is no such thing for this tenant (404).</summary>
    /// <param name="what">What was looked for, in lower case: "bot", "transaction".</param>
    public static Error NotFound(string what) => new(ErrorCodes.NotFound, $"There is no such {what}.");
}
