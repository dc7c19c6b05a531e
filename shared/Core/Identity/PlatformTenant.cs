namespace MidnightOS.Core.Identity;

/// <summary>The tenant of what belongs to the platform itself: signing keys, cursors. No user is ever of it.</summary>
public static class PlatformTenant
{
    /// <summary>Its id.</summary>
    public static TenantId Id { get; } = new(IdPrefix.Tenant + new string('0', 26));
}
