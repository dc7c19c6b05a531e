using System.Security.Cryptography;
using System.Text;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts;

/// <summary>Who owns an e-mail address. The claim comes before the user it points to, so a registration that died may leave one that points to nothing.</summary>
public sealed class EmailClaims(IDirectory directory, IDocumentStore documents, TimeProvider time)
{
    /// <summary>A registration that has not stored its user by then is taken for dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Claims an address for a user that is to be made.</summary>
    /// <returns>The claim that stands. Its ids are those asked for, or another's: then either its user exists, or it is being made.</returns>
    internal async Task<EmailClaim> ClaimAsync(string address, TenantId tenant, string userId, string? keyHash, CancellationToken cancellationToken)
    {
        var asked = new DirectoryClaim(tenant, userId, null, DocumentJson.ToText(new Note(time.GetUtcNow(), keyHash, Confirmed: false)));
        var outcome = await directory.ClaimAsync(EmailAddress.Key(address), asked, cancellationToken);
        if (outcome.Created)
        {
            return new EmailClaim(address, outcome.Stored, null, MayCreate: true);
        }

        var standing = outcome.Stored;
        var user = await documents.ReadAsync<User>(standing.Claim.Tenant, User.Key(standing.Claim.Subject), cancellationToken);
        var note = NoteOf(standing);
        if (user is not null || (keyHash is not null && note.KeyHash == keyHash))
        {
            // The same request again goes on with the ids that it was given first.
            return new EmailClaim(address, standing, user?.Value, MayCreate: user is null);
        }

        return note.Confirmed || note.At + Grace <= time.GetUtcNow()
            ? await TakeOverAsync(address, standing, asked, cancellationToken)
            : new EmailClaim(address, standing, null, MayCreate: false);
    }

    /// <summary>Makes the claim final, once its user is stored.</summary>
    /// <returns>Whether it still points to this user; if not, another registration took the address over and the user must go.</returns>
    internal async Task<bool> ConfirmAsync(EmailClaim claim, CancellationToken cancellationToken)
    {
        var note = NoteOf(claim.Stored);
        if (note.Confirmed)
        {
            return true;
        }

        var confirmed = claim.Stored.Claim with { Data = DocumentJson.ToText(note with { Confirmed = true }) };
        if (await directory.ReplaceAsync(EmailAddress.Key(claim.Address), confirmed, claim.Stored.ETag, cancellationToken) is not null)
        {
            return true;
        }

        var standing = await directory.FindAsync(EmailAddress.Key(claim.Address), cancellationToken);
        return standing?.Claim.Subject == claim.Stored.Claim.Subject;
    }

    /// <summary>Whether the claim was made by a request with this idempotency key.</summary>
    internal static bool IsOf(EmailClaim claim, string? keyHash) => keyHash is not null && NoteOf(claim.Stored).KeyHash == keyHash;

    /// <summary>What is stored of an idempotency key.</summary>
    internal static string? HashOf(string? key) => key is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private async Task<EmailClaim> TakeOverAsync(string address, StoredClaim standing, DirectoryClaim asked, CancellationToken cancellationToken)
    {
        var etag = await directory.ReplaceAsync(EmailAddress.Key(address), asked, standing.ETag, cancellationToken);
        return etag is null
            ? new EmailClaim(address, standing, null, MayCreate: false)
            : new EmailClaim(address, new StoredClaim(asked, etag), null, MayCreate: true);
    }

    private static Note NoteOf(StoredClaim claim) => DocumentJson.Deserialize<Note>(claim.Claim.Data!);

    private sealed record Note(DateTimeOffset At, string? KeyHash, bool Confirmed);
}

/// <summary>The claim of an address as a registration sees it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Stored">The claim that stands.</param>
/// <param name="User">The user it points to; null when there is none.</param>
/// <param name="MayCreate">Whether this registration may make the user.</param>
internal sealed record EmailClaim(string Address, StoredClaim Stored, User? User, bool MayCreate);
