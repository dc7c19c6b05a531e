using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Changes a refresh token for new tokens. Each works once; one that is presented again was copied, so its whole session ends.</summary>
/// <remarks>
/// A client that lost the answer to a refresh and sends it again ends its session too, and so do two refreshes at the same time: from here they cannot be told from a thief.
/// </remarks>
public sealed class RefreshSession(IDirectory directory, IDocumentStore documents, OpenSession sessions, TimeProvider time)
{
    private static readonly Error Refused = new(ErrorCodes.Unauthorized, "The refresh token is not valid, or its session has ended. Sign in again.");

    /// <summary>New tokens of the same session, or <c>UNAUTHORIZED</c>.</summary>
    public async Task<Result<SignedIn>> RunAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var hash = RefreshTokens.HashOf(refreshToken);
        if (await directory.FindAsync(RefreshTokens.Key(hash), cancellationToken) is not { Claim: var claim })
        {
            return Refused;
        }

        while (await FindAsync(claim, cancellationToken) is { } found)
        {
            var (session, user) = found;
            if (session.Value.RefreshHash != hash)
            {
                await EndSession.RunAsync(documents, claim.Tenant, session.Value.Id, time.GetUtcNow(), cancellationToken);
                return Refused;
            }

            var next = await sessions.NextTokenAsync(claim.Tenant, session.Value, cancellationToken);
            var rotated = session.Value with { RefreshHash = RefreshTokens.HashOf(next) };
            var written = await documents.CommitAsync(claim.Tenant, [OpenSession.Write(rotated, Precondition.Match(session.ETag))], cancellationToken);
            if (written.Committed)
            {
                return await AnswerAsync(claim.Tenant, user, rotated, next, cancellationToken);
            }
        }

        return Refused;
    }

    private async Task<(Stored<Session> Session, User User)?> FindAsync(DirectoryClaim claim, CancellationToken cancellationToken)
    {
        var session = await documents.ReadAsync<Session>(claim.Tenant, Session.Key(claim.Subject), cancellationToken);
        if (session is null)
        {
            return null;
        }

        var user = await documents.ReadAsync<User>(claim.Tenant, User.Key(session.Value.UserId), cancellationToken);
        return user is not null && session.Value.IsOpenFor(user.Value, time.GetUtcNow()) ? (session, user.Value) : null;
    }

    private async Task<SignedIn> AnswerAsync(TenantId tenantId, User user, Session session, string token, CancellationToken cancellationToken)
    {
        var tenant = await documents.ReadAsync<Tenant>(tenantId, Tenant.Key(tenantId), cancellationToken)
            ?? throw new InvalidOperationException("A user's tenant is not stored.");
        return await sessions.AnswerAsync(tenant.Value, user, session, token, cancellationToken);
    }
}
