namespace MidnightOS.Core.Accounts.Entra;

/// <summary>Who a valid token of Entra says that it is.</summary>
/// <param name="Tenant">The directory, claim <c>tid</c>.</param>
/// <param name="ObjectId">The user in it, claim <c>oid</c>; with the directory it never changes and is never given to another.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Email">An address to show; null when there is none. Nobody has checked it, so it proves nothing.</param>
/// <param name="Roles">The app roles that the directory gave, claim <c>roles</c>.</param>
/// <remarks>https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference</remarks>
public sealed record EntraUser(Guid Tenant, Guid ObjectId, string Name, string? Email, IReadOnlyList<string> Roles)
{
    // The greatest first. They are the values of the app roles that the registration of the app defines.
    private static readonly (string AppRole, Role Role)[] Known =
    [
        ("MidnightOS.Owner", Accounts.Role.Owner), ("MidnightOS.Admin", Accounts.Role.Admin), ("MidnightOS.Member", Accounts.Role.Member), ("MidnightOS.Viewer", Accounts.Role.Viewer),
    ];

    /// <summary>The role on the platform: the greatest of those given; null when none was.</summary>
    public Role? Role => Array.FindIndex(Known, known => Roles.Contains(known.AppRole, StringComparer.Ordinal)) is >= 0 and var first ? Known[first].Role : null;
}
