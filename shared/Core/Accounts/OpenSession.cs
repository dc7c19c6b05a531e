using Microsoft.Extensions.Options;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts;

/// <summary>What a client gets when it signs in or refreshes.</summary>
/// <param name="AccessToken">A JWT.</param>
/// <param name="RefreshToken">Good for one refresh.</param>
/// <param name="ExpiresIn">How long the access token is good for.</param>
/// <param name="User">Who signed in.</param>
/// <param name="Tenant">Their tenant.</param>
public sealed record SignedIn(string AccessToken, string RefreshToken, TimeSpan ExpiresIn, User User, Tenant Tenant);

/// <summary>Begins sessions and hands out their tokens; the last step of every way to sign in.</summary>
public sealed class OpenSession(
    IDirectory directory, IIdGenerator ids, TimeProvider time, AccessTokens accessTokens, IOptions<AccountOptions> options)
{
    /// <summary>A session that is not stored yet, and the refresh token for it, which the directory knows already.</summary>
    public async Task<(Session Session, string RefreshToken)> PrepareAsync(TenantId tenant, User user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var now = time.GetUtcNow();
        var session = new Session
        {
            Id = ids.New(IdPrefix.Session),
            UserId = user.Id,
            RefreshHash = "",
            Generation = user.SessionGeneration,
            CreatedAt = now,
            ExpiresAt = now + options.Value.SessionLifetime,
        };
        var token = await NextTokenAsync(tenant, session, cancellationToken);
        return (session with { RefreshHash = RefreshTokens.HashOf(token) }, token);
    }

    /// <summary>Claims a new refresh token for a session. It works once the session is stored with its hash.</summary>
    public async Task<string> NextTokenAsync(TenantId tenant, Session session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var token = RefreshTokens.Create();
        var claim = new DirectoryClaim(tenant, session.Id, session.ExpiresAt);
        await directory.ClaimAsync(RefreshTokens.Key(RefreshTokens.HashOf(token)), claim, cancellationToken);
        return token;
    }

    /// <summary>Where a session is written: it is forgotten when it ends.</summary>
    internal static DocumentWrite Write(Session session, Precondition condition) =>
        new DocumentWrite.Put(Session.Key(session.Id), DocumentJson.Serialize(session), []) { Condition = condition, ExpiresAt = session.ExpiresAt };

    /// <summary>The answer, with a new access token.</summary>
    public async Task<SignedIn> AnswerAsync(Tenant tenant, User user, Session session, string refreshToken, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(session);
        var accessToken = await accessTokens.IssueAsync(tenant.Id, user, session.Id, cancellationToken);
        return new SignedIn(accessToken, refreshToken, options.Value.AccessTokenLifetime, user, tenant);
    }
}
