using System.Security.Claims;
using MidnightOS.Core.Accounts.Entra;

namespace MidnightOS.Api.Auth.Entra;

/// <summary>Reads the claims of a valid token of Entra. Frameworks may have mapped their names to the longer ones of WS-Federation.</summary>
internal static class EntraClaims
{
    private const string Microsoft = "http://schemas.microsoft.com/identity/claims/";

    /// <summary>Who it is; null when the token is not one that a user got for this API: an app's own, or one that only tells an app who its user is.</summary>
    public static EntraUser? Read(ClaimsPrincipal principal)
    {
        if (Find(principal, "scp", Microsoft + "scope") is null || Find(principal, "idtyp") == "app"
            || !Guid.TryParse(Find(principal, "tid", Microsoft + "tenantid"), out var tenant)
            || !Guid.TryParse(Find(principal, "oid", Microsoft + "objectidentifier"), out var user))
        {
            return null;
        }

        var roles = principal.Claims.Where(static claim => claim.Type is "roles" or ClaimTypes.Role).Select(static claim => claim.Value);
        return new EntraUser(tenant, user, Find(principal, "name", ClaimTypes.Name) ?? "", Find(principal, "preferred_username", "email", ClaimTypes.Email), [.. roles]);
    }

    private static string? Find(ClaimsPrincipal principal, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (principal.FindFirst(name)?.Value is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
