using Microsoft.AspNetCore.Identity;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Signs a user in by e-mail and password.</summary>
public sealed class Login(IDirectory directory, IDocumentStore documents, Passwords passwords, OpenSession sessions)
{
    private static readonly Error Refused = new(ErrorCodes.Unauthorized, "The e-mail address or the password is wrong.");

    /// <summary>A new session, or <c>UNAUTHORIZED</c>, which does not tell what was wrong, not even by the time it takes.</summary>
    public async Task<Result<SignedIn>> RunAsync(string email, string password, CancellationToken cancellationToken)
    {
        var (tenant, stored) = await FindAsync(email, cancellationToken);
        var verification = passwords.Verify(stored?.Value, password);
        if (stored is null || verification == PasswordVerificationResult.Failed || !stored.Value.Active)
        {
            return Refused;
        }

        return await SignInAsync(tenant, stored, password, verification, cancellationToken);
    }

    private async Task<Result<SignedIn>> SignInAsync(
        TenantId tenantId, Stored<User> stored, string password, PasswordVerificationResult verification, CancellationToken cancellationToken)
    {
        var user = stored.Value;
        var tenant = await documents.ReadAsync<Tenant>(tenantId, Tenant.Key(tenantId), cancellationToken)
            ?? throw new InvalidOperationException("A user's tenant is not stored.");
        if (verification == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(tenantId, stored, password, cancellationToken);
        }

        var (session, refreshToken) = await sessions.PrepareAsync(tenantId, user, cancellationToken);
        await documents.CommitAsync(tenantId, [OpenSession.Write(session, Precondition.Absent)], cancellationToken);
        return await sessions.AnswerAsync(tenant.Value, user, session, refreshToken, cancellationToken);
    }

    private async Task<(TenantId Tenant, Stored<User>? User)> FindAsync(string email, CancellationToken cancellationToken)
    {
        if (EmailAddress.Normalize(email) is not { } address
            || await directory.FindAsync(EmailAddress.Key(address), cancellationToken) is not { } claim)
        {
            return default;
        }

        var tenant = claim.Claim.Tenant;
        return (tenant, await documents.ReadAsync<User>(tenant, User.Key(claim.Claim.Subject), cancellationToken));
    }

    /// <summary>A change of the user meanwhile wins; the next sign-in tries again.</summary>
    private Task<CommitResult> RehashAsync(TenantId tenant, Stored<User> stored, string password, CancellationToken cancellationToken)
    {
        var user = stored.Value with { PasswordHash = passwords.Hash(password) };
        var write = new DocumentWrite.Put(User.Key(user.Id), DocumentJson.Serialize(user), []) { Condition = Precondition.Match(stored.ETag) };
        return documents.CommitAsync(tenant, [write], cancellationToken);
    }
}
