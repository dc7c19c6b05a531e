namespace MidnightOS.Core.Identity;

/// <summary>The one source of ids, so that tests control them.</summary>
public interface IIdGenerator
{
    /// <summary>A new id: the prefix, 48 bits of milliseconds and 80 random bits in Crockford base 32; within a process each is greater than the one before.</summary>
    /// <param name="prefix">One of <see cref="IdPrefix"/>.</param>
    string New(string prefix);

    /// <summary>The id that a request with an idempotency key creates: the same for the same parts, so that the create itself is the deduplication.</summary>
    /// <param name="prefix">One of <see cref="IdPrefix"/>.</param>
    /// <param name="firstSeen">When the key was first seen; it makes the id sort by time.</param>
    /// <param name="parts">Tenant, user, route and key; hashed with their lengths, so that no two lists of parts collide.</param>
    string Derive(string prefix, DateTimeOffset firstSeen, params ReadOnlySpan<string> parts);
}
