using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Finds who sends an access token. The session is read each time, so that one that has ended stops at once on every host.</summary>
public sealed class AuthenticateSession(AccessTokens tokens, IDocumentStore documents, TimeProvider time)
{
    private static readonly Error Refused = new(ErrorCodes.Unauthorized, "The access token is not valid, has expired, or its session has ended.");

    /// <summary>The caller, or <c>UNAUTHORIZED</c>.</summary>
    /// <param name="accessToken">As the client sent it.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    public async Task<Result<Caller>> RunAsync(string accessToken, CancellationToken cancellationToken)
    {
        var claims = await tokens.ReadAsync(accessToken, cancellationToken);
        if (claims is null)
        {
            return Refused;
        }

        return await FindAsync(claims.Tenant, claims.UserId, claims.SessionId, cancellationToken) is { } caller ? caller : Refused;
    }

    /// <summary>Whether a caller's session still stands, for what outlives the start of a request.</summary>
    public async Task<bool> IsOpenAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return await FindAsync(caller.Tenant, caller.UserId, caller.SessionId, cancellationToken) is not null;
    }

    private async Task<Caller?> FindAsync(TenantId tenant, string userId, string sessionId, CancellationToken cancellationToken)
    {
        var session = await documents.ReadAsync<Session>(tenant, Session.Key(sessionId), cancellationToken);
        var user = await documents.ReadAsync<User>(tenant, User.Key(userId), cancellationToken);
        return session is not null && user is not null && session.Value.UserId == user.Value.Id && session.Value.IsOpenFor(user.Value, time.GetUtcNow())
            ? new Caller(tenant, user.Value.Id, session.Value.Id, user.Value.Role)
            : null;
    }
}
