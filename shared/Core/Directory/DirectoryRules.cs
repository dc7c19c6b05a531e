using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Directory;

/// <summary>What the port demands of its callers. Breaking it is a bug of theirs and throws before anything is read or written.</summary>
internal static class DirectoryRules
{
    public static void Check(DirectoryKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key.Kind, nameof(key));
        ArgumentException.ThrowIfNullOrEmpty(key.Value, nameof(key));
    }

    public static void Check(DirectoryKey key, DirectoryClaim claim)
    {
        Check(key);
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(claim.Subject, nameof(claim));
        Check(claim.Tenant);
    }

    public static void Check(DirectoryKey key, DirectoryClaim claim, string etag)
    {
        Check(key, claim);
        ArgumentException.ThrowIfNullOrEmpty(etag);
    }

    public static void Check(string queue, TenantId tenant, string subject)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentException.ThrowIfNullOrEmpty(subject);
        Check(tenant);
    }

    public static void Check(string queue, int limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
    }

    public static void Check(DueMarker marker) => ArgumentNullException.ThrowIfNull(marker);

    // A tenant that was never given throws when it is read.
    private static void Check(TenantId tenant) => _ = tenant.Value;
}
