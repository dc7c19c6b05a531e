using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>A key with which a program of a tenant asks the proof service. The key itself is nowhere; its hash is a claim in the directory.</summary>
public sealed record ApiKey
{
    internal const string Kind = "apiKey";

    /// <summary><c>key_…</c>; it stands in the key, so that its owner sees which one a program uses.</summary>
    public required string Id { get; init; }

    /// <summary>The name that its owner gave it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the whole key, lower hex.</summary>
    public required string Hash { get; init; }

    /// <summary>What it is good for, of <see cref="ApiKeyScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last day (UTC) on which it was used; null when it was not within <see cref="ApiKeyUses.KeptFor"/>. It is not kept here but by <see cref="ApiKeyUses"/>; older records have it.</summary>
    public DateOnly? LastUsedOn { get; init; }

    /// <summary>Where a key is stored.</summary>
    public static DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>What keys may be good for.</summary>
public static class ApiKeyScopes
{
    /// <summary>To ask the proof service.</summary>
    public const string Proofs = "proofs";
}
