using Microsoft.AspNetCore.Identity;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>What someone registers with.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Password">At least 10 characters.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="IdempotencyKey">The request's key; null without one.</param>
public sealed record Registration(string Email, string Password, string Name, string? IdempotencyKey);

/// <summary>Makes a tenant with its first user, the owner, and signs them in.</summary>
/// <remarks>
/// Tokens are never kept, so the same request sent again with its key does not get the first answer but a new session of the same account; that takes the right password.
/// </remarks>
public sealed class Register(EmailClaims claims, IDocumentStore documents, Passwords passwords, OpenSession sessions, NewAccount newAccount)
{
    private const int MaxNameLength = 100;

    private static readonly Error Taken = new(
        ErrorCodes.Conflict, "There is an account with this e-mail address.",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["email"] = "There is an account with this e-mail address." });

    /// <summary>The owner's first session; <c>INVALID_REQUEST</c>, <c>CONFLICT</c> when the address is taken, <c>IDEMPOTENCY_MISMATCH</c> when the key came with another body.</summary>
    public async Task<Result<SignedIn>> RunAsync(Registration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var name = registration.Name.Trim();
        if (EmailAddress.Normalize(registration.Email) is not { } address)
        {
            return Error.Invalid("email", "email must be an e-mail address.");
        }

        if (name.Length is 0 or > MaxNameLength)
        {
            return Error.Invalid("name", $"name must have 1 to {MaxNameLength} characters.");
        }

        return Passwords.Check("password", registration.Password) is { } error
            ? error
            : await RegisterAsync(registration with { Email = address, Name = name }, cancellationToken);
    }

    private async Task<Result<SignedIn>> RegisterAsync(Registration registration, CancellationToken cancellationToken)
    {
        var (tenant, owner) = newAccount.Make(registration);
        var keyHash = EmailClaims.HashOf(registration.IdempotencyKey);
        var claim = await claims.ClaimAsync(registration.Email, tenant.Id, owner.Id, keyHash, cancellationToken);
        if (claim.MayCreate)
        {
            var standing = claim.Stored.Claim;
            var created = await CreateAsync(claim, tenant with { Id = standing.Tenant }, owner with { Id = standing.Subject }, cancellationToken);
            if (created is not null)
            {
                return created.Value;
            }

            // The same request runs twice at once, and the other one was first to store the user.
            claim = await claims.ClaimAsync(registration.Email, tenant.Id, owner.Id, keyHash, cancellationToken);
        }

        return claim.User is null || !EmailClaims.IsOf(claim, keyHash) ? Taken : await AgainAsync(claim, registration, cancellationToken);
    }

    private async Task<Result<SignedIn>?> CreateAsync(EmailClaim claim, Tenant tenant, User owner, CancellationToken cancellationToken)
    {
        var (session, token) = await sessions.PrepareAsync(tenant.Id, owner, cancellationToken);
        var written = await documents.CommitAsync(tenant.Id, NewAccount.Writes(tenant, owner, session), cancellationToken);
        if (!written.Committed)
        {
            return null;
        }

        if (await claims.ConfirmAsync(claim, cancellationToken))
        {
            return await sessions.AnswerAsync(tenant, owner, session, token, cancellationToken);
        }

        // This registration was so slow that another took the address: what it stored must not stay.
        await documents.CommitAsync(tenant.Id, NewAccount.Undo(tenant, owner, session), cancellationToken);
        return Taken;
    }

    private async Task<Result<SignedIn>> AgainAsync(EmailClaim claim, Registration registration, CancellationToken cancellationToken)
    {
        var user = claim.User!;
        if (user.Name != registration.Name || passwords.Verify(user, registration.Password) == PasswordVerificationResult.Failed)
        {
            return new Error(ErrorCodes.IdempotencyMismatch, "This Idempotency-Key was used for another registration.");
        }

        var tenantId = claim.Stored.Claim.Tenant;
        var tenant = await documents.ReadAsync<Tenant>(tenantId, Tenant.Key(tenantId), cancellationToken);
        if (tenant is null || !user.Active || !await claims.ConfirmAsync(claim, cancellationToken))
        {
            return Taken;
        }

        var (session, token) = await sessions.PrepareAsync(tenantId, user, cancellationToken);
        await documents.CommitAsync(tenantId, [OpenSession.Write(session, Precondition.Absent)], cancellationToken);
        return await sessions.AnswerAsync(tenant.Value, user, session, token, cancellationToken);
    }
}

/// <summary>A tenant and its owner before and after they are stored.</summary>
public sealed class NewAccount(Passwords passwords, IIdGenerator ids, TimeProvider time)
{
    internal (Tenant Tenant, User Owner) Make(Registration registration)
    {
        var now = time.GetUtcNow();
        var owner = new User
        {
            Id = ids.New(IdPrefix.User),
            Email = registration.Email,
            Name = registration.Name,
            PasswordHash = passwords.Hash(registration.Password),
            Role = Role.Owner,
            Active = true,
            CreatedAt = now,
        };
        return (new Tenant { Id = new TenantId(ids.New(IdPrefix.Tenant)), Name = registration.Name, CreatedAt = now }, owner);
    }

    internal static DocumentWrite[] Writes(Tenant tenant, User owner, Session session) =>
    [
        new DocumentWrite.Put(Tenant.Key(tenant.Id), DocumentJson.Serialize(tenant), []) { Condition = Precondition.Absent },
        new DocumentWrite.Put(User.Key(owner.Id), DocumentJson.Serialize(owner), []) { Condition = Precondition.Absent },
        OpenSession.Write(session, Precondition.Absent),
    ];

    internal static DocumentWrite[] Undo(Tenant tenant, User owner, Session session) =>
    [
        new DocumentWrite.Delete(Tenant.Key(tenant.Id)), new DocumentWrite.Delete(User.Key(owner.Id)), new DocumentWrite.Delete(Session.Key(session.Id)),
    ];
}
