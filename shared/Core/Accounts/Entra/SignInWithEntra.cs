using Microsoft.Extensions.Options;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts.Entra;

/// <summary>Signs in whom Entra knows. A directory is a tenant, a user of it is a user; both are made when they come first.</summary>
/// <remarks>
/// Their ids are made of <c>tid</c> and <c>oid</c> alone, so that nothing else leads to them: an address that a local account has too makes them no nearer. They have no
/// password, and so neither sign in by one nor export seeds. Entra is the authority on their roles; a user who was made inactive here stays out.
/// </remarks>
public sealed class SignInWithEntra(IDocumentStore documents, OpenSession sessions, IIdGenerator ids, TimeProvider time, IOptions<EntraOptions> options)
{
    private const string Source = "entra";
    private const int LongestName = 100;
    private const int Attempts = 5;

    private static readonly Error NotAllowed = new(ErrorCodes.Unauthorized, "This directory's users may not sign in here.");
    private static readonly Error NoRole = new(ErrorCodes.Forbidden, "Your directory gave you no role of this app.");
    private static readonly Error Inactive = new(ErrorCodes.Unauthorized, "This account is not active.");
    private static readonly Error Busy = new(ErrorCodes.Conflict, "The account changed meanwhile. Try again.");

    /// <summary>A new session; <c>UNAUTHORIZED</c> for a directory that is not allowed or a user who is not active, <c>FORBIDDEN</c> without a role, <c>CONFLICT</c>
    /// when others change the account all the time.</summary>
    /// <param name="user">Of a token that was validated.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<Result<SignedIn>> RunAsync(EntraUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!options.Value.Allows(user.Tenant))
        {
            return NotAllowed;
        }

        if (user.Role is not { } role)
        {
            return NoRole;
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryAsync(user, role, cancellationToken) is { } result)
            {
                return result;
            }
        }

        return Busy;
    }

    private async Task<Result<SignedIn>?> TryAsync(EntraUser from, Role role, CancellationToken cancellationToken)
    {
        var (tenantId, userId) = IdsOf(from);
        var tenant = await documents.ReadAsync<Tenant>(tenantId, Tenant.Key(tenantId), cancellationToken);
        var stored = await documents.ReadAsync<User>(tenantId, User.Key(userId), cancellationToken);
        if (stored is { Value.Active: false })
        {
            return Inactive;
        }

        var owner = tenant?.Value ?? new Tenant { Id = tenantId, Name = TenantName(from), CreatedAt = time.GetUtcNow() };
        var user = stored is null ? New(userId, from, role) : stored.Value with { Role = role, Name = NameOf(from) };
        var (session, token) = await sessions.PrepareAsync(tenantId, user, cancellationToken);
        session = session with { ExpiresAt = session.CreatedAt + options.Value.SessionLifetime };
        var batch = new Batch();
        if (tenant is null)
        {
            batch.Put(Tenant.Key(tenantId), owner, Precondition.Absent, []);
        }

        if (user != stored?.Value)
        {
            batch.Put(User.Key(userId), user, stored is null ? Precondition.Absent : Precondition.Match(stored.ETag), []);
        }

        var written = await documents.CommitAsync(tenantId, [.. batch.Writes, OpenSession.Write(session, Precondition.Absent)], cancellationToken);
        if (!written.Committed)
        {
            return null;
        }

        return await sessions.AnswerAsync(owner, user, session, token, cancellationToken);
    }

    private (TenantId Tenant, string User) IdsOf(EntraUser user)
    {
        // No time belongs to them: whoever comes first makes what everybody finds.
        var (tenant, person) = (user.Tenant.ToString("D"), user.ObjectId.ToString("D"));
        return (new TenantId(ids.Derive(IdPrefix.Tenant, DateTimeOffset.UnixEpoch, Source, tenant)), ids.Derive(IdPrefix.User, DateTimeOffset.UnixEpoch, Source, tenant, person));
    }

    private User New(string id, EntraUser from, Role role) => new()
    {
        Id = id,
        Email = EmailAddress.Normalize(from.Email) ?? $"{from.ObjectId:D}@entra.invalid",
        Name = NameOf(from),

        // The hash of no password.
        PasswordHash = "",
        Role = role,
        Active = true,
        CreatedAt = time.GetUtcNow(),
    };

    private static string NameOf(EntraUser from) =>
        from.Name.Trim() is { Length: > 0 } name ? name[..Math.Min(name.Length, LongestName)] : from.ObjectId.ToString("D");

    private static string TenantName(EntraUser from) =>
        EmailAddress.Normalize(from.Email) is { } address ? address[(address.LastIndexOf('@') + 1)..] : from.Tenant.ToString("D");
}
