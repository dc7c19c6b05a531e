using Microsoft.AspNetCore.Identity;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Changes the caller's password and ends their other sessions, in one write.</summary>
public sealed class ChangePassword(IDocumentStore documents, Passwords passwords)
{
    private static readonly Error Ended = new(ErrorCodes.Unauthorized, "The session has ended. Sign in again.");

    /// <summary>Success; <c>UNAUTHORIZED</c> for a wrong current password, <c>INVALID_REQUEST</c> for a new one that breaks the rules, <c>CONFLICT</c> when the account changed meanwhile.</summary>
    public async Task<Result<Done>> RunAsync(Caller caller, string currentPassword, string newPassword, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var user = await documents.ReadAsync<User>(caller.Tenant, User.Key(caller.UserId), cancellationToken);
        if (passwords.Verify(user?.Value, currentPassword) == PasswordVerificationResult.Failed)
        {
            return VerifyPassword.Wrong("currentPassword");
        }

        if (Passwords.Check("newPassword", newPassword) is { } error)
        {
            return error;
        }

        var session = await documents.ReadAsync<Session>(caller.Tenant, Session.Key(caller.SessionId), cancellationToken);
        return session is not { Value.RevokedAt: null } ? Ended : await WriteAsync(caller, user!, session, newPassword, cancellationToken);
    }

    private async Task<Result<Done>> WriteAsync(
        Caller caller, Stored<User> user, Stored<Session> session, string newPassword, CancellationToken cancellationToken)
    {
        // The new generation ends every session of the old one; only the caller's moves along.
        var changed = user.Value with { PasswordHash = passwords.Hash(newPassword), SessionGeneration = user.Value.SessionGeneration + 1 };
        var kept = session.Value with { Generation = changed.SessionGeneration };
        var batch = new Batch()
            .Put(User.Key(changed.Id), changed, Precondition.Match(user.ETag), [])
            .Put(Session.Key(kept.Id), kept, Precondition.Match(session.ETag), [], kept.ExpiresAt);
        var written = await documents.CommitAsync(caller.Tenant, batch.Writes, cancellationToken);
        return written.Committed ? Done.Value : new Error(ErrorCodes.Conflict, "The account changed meanwhile. Try again.");
    }
}
