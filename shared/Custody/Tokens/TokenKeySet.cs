using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Custody.Tokens;

/// <summary>Which signing keys there are: the current one, and older ones until the last token they signed has expired.</summary>
/// <param name="Current">The current key's id.</param>
/// <param name="Old">Older keys' ids and when each stops verifying.</param>
internal sealed record TokenKeySet(string Current, IReadOnlyList<(string KeyId, DateTimeOffset Until)> Old)
{
    /// <summary>The keys that verify at a time, the current one first.</summary>
    public IReadOnlyList<string> ValidAt(DateTimeOffset now) => [Current, .. Old.Where(old => old.Until > now).Select(old => old.KeyId)];

    /// <summary>The set after a rotation; keys that verify nothing any more are left out.</summary>
    /// <param name="newKeyId">The new current key.</param>
    /// <param name="now">The time.</param>
    /// <param name="overlap">How long the replaced key goes on to verify.</param>
    public TokenKeySet Rotated(string newKeyId, DateTimeOffset now, TimeSpan overlap) =>
        new(newKeyId, [(Current, now + overlap), .. Old.Where(old => old.Until > now)]);

    public DirectoryClaim ToClaim() =>
        new(TenantId.Platform, Current, ExpiresAt: null, string.Join(' ', Old.Select(old => $"{old.KeyId}@{old.Until.ToUnixTimeSeconds()}")));

    public static TokenKeySet From(DirectoryClaim claim) => new(
        claim.Subject,
        [.. (claim.Data ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(old => old.Split('@'))
            .Select(old => (old[0], DateTimeOffset.FromUnixTimeSeconds(long.Parse(old[1]))))]);
}
