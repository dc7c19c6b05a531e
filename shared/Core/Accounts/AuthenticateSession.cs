using MidnightOS.Core.Documents;
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

        var session = await documents.ReadAsync<Session>(claims.Tenant, Session.Key(claims.SessionId), cancellationToken);
        var user = await documents.ReadAsync<User>(claims.Tenant, User.Key(claims.UserId), cancellationToken);
        return session is not null && user is not null && session.Value.UserId == user.Value.Id && session.Value.IsOpenFor(user.Value, time.GetUtcNow())
            ? new Caller(claims.Tenant, user.Value.Id, session.Value.Id, user.Value.Role)
            : Refused;
    }
}
