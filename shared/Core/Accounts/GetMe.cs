using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Who the caller is.</summary>
/// <param name="User">The user.</param>
/// <param name="Tenant">Their tenant.</param>
/// <param name="Permissions">What the role gives, as <see cref="Permission"/> names it.</param>
public sealed record Me(User User, Tenant Tenant, IReadOnlyList<string> Permissions);

/// <summary>Reads who the caller is.</summary>
public sealed class GetMe(IDocumentStore documents)
{
    /// <summary>The caller's user and tenant; <c>NOT_FOUND</c> when they were deleted meanwhile.</summary>
    public async Task<Result<Me>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var user = await documents.ReadAsync<User>(caller.Tenant, User.Key(caller.UserId), cancellationToken);
        var tenant = await documents.ReadAsync<Tenant>(caller.Tenant, Tenant.Key(caller.Tenant), cancellationToken);
        return user is null || tenant is null ? Error.NotFound("user") : new Me(user.Value, tenant.Value, RolePermissions.Of(user.Value.Role));
    }
}
