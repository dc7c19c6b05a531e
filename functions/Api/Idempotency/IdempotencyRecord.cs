namespace MidnightOS.Api.Idempotency;

/// <summary>What is remembered of a request with an idempotency key.</summary>
internal sealed record IdempotencyRecord
{
    /// <summary>SHA-256 of the query and body of the first request, in hex.</summary>
    public required string RequestHash { get; init; }

    /// <summary>When the key was first seen; ids that the request creates are derived from it.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>Until when the request that is at work is believed to live. Past means that the next one does the work.</summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    /// <summary>The answer; null while there is none.</summary>
    public StoredAnswer? Answer { get; init; }
}

/// <summary>An answer that is given again.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Those of its headers that belong to the content.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
