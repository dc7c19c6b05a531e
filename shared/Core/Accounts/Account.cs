using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts;

/// <summary>A user of a tenant.</summary>
public sealed record User
{
    /// <summary><c>usr_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The normalised e-mail address, unique among those who sign in with a password; of a user of Entra it is only shown.</summary>
    public required string Email { get; init; }

    /// <summary>The name that others see.</summary>
    public required string Name { get; init; }

    /// <summary>ASP.NET Core Identity V3: PBKDF2-HMAC-SHA512 with its salt and iteration count; empty for a user of Entra, who has none.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>What the user may do.</summary>
    public required Role Role { get; init; }

    /// <summary>A user that is not active cannot sign in, and open sessions stop.</summary>
    public required bool Active { get; init; }

    /// <summary>Sessions of another generation are over: one write ends them all, however many there are.</summary>
    public int SessionGeneration { get; init; }

    /// <summary>When the user registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where a user is stored.</summary>
    public static DocumentKey Key(string id) => new("user", id);
}

/// <summary>A tenant: everything that one customer owns.</summary>
public sealed record Tenant
{
    /// <summary><c>ten_…</c></summary>
    public required TenantId Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where a tenant is stored, in its own partition.</summary>
    public static DocumentKey Key(TenantId id) => new("tenant", id.Value);
}

/// <summary>A sign-in of a user: one chain of refresh tokens.</summary>
public sealed record Session
{
    /// <summary><c>ses_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The SHA-256 of the one refresh token that works, in lower hex. Any other token that leads here was used before.</summary>
    public required string RefreshHash { get; init; }

    /// <summary>The user's generation when the session began or was last kept.</summary>
    public required int Generation { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends, however often it is refreshed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was ended before its time; null while it is open.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether it still lets this user in.</summary>
    public bool IsOpenFor(User user, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(user);
        return RevokedAt is null && now < ExpiresAt && user.Active && Generation == user.SessionGeneration;
    }

    /// <summary>Where a session is stored.</summary>
    public static DocumentKey Key(string id) => new("session", id);
}
