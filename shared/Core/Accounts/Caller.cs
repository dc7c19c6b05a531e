using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts;

/// <summary>Who asks: a signed-in user in one of their sessions.</summary>
/// <param name="Tenant">The user's tenant.</param>
/// <param name="UserId">The user, <c>usr_…</c></param>
/// <param name="SessionId">The session that the access token belongs to, <c>ses_…</c></param>
/// <param name="Role">The user's role, as it is now and not as it was when the token was made.</param>
public sealed record Caller(TenantId Tenant, string UserId, string SessionId, Role Role)
{
    /// <summary>Whether the role allows it.</summary>
    /// <param name="permission">One of <see cref="Permission"/>.</param>
    public bool May(string permission) => RolePermissions.Allows(Role, permission);
}
