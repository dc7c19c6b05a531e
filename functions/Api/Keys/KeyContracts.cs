using MidnightOS.Api.Requests;
using MidnightOS.Core.Accounts.ApiKeys;

namespace MidnightOS.Api.Keys;

internal sealed record CreateKeyBody
{
    /// <summary>What its owner calls it.</summary>
    [Text(100)]
    public required string Name { get; init; }
}

/// <summary>A key that was made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key itself; it is shown this once.</param>
/// <param name="Scopes">What it is good for.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record NewApiKeyResponse(string Id, string Name, string Key, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt)
{
    public static NewApiKeyResponse From(NewApiKey made) => new(made.Key.Id, made.Key.Name, made.Text, made.Key.Scopes, made.Key.CreatedAt);
}

/// <summary>A key as it is known afterwards.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What it is good for.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedOn">The last day (UTC) on which it was used; null when it was not in the last 400 days.</param>
internal sealed record ApiKeyResponse(string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateOnly? LastUsedOn)
{
    public static ApiKeyResponse From(ApiKey key) => new(key.Id, key.Name, key.Scopes, key.CreatedAt, key.LastUsedOn);
}
