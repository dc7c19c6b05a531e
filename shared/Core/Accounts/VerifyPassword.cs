using Microsoft.AspNetCore.Identity;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Asks a signed-in user for the password again, before what a stolen session must not be able to do.</summary>
public sealed class VerifyPassword(IDocumentStore documents, Passwords passwords)
{
    /// <summary>Success, or <c>UNAUTHORIZED</c> that names the field.</summary>
    /// <param name="caller">The user.</param>
    /// <param name="password">What they typed.</param>
    /// <param name="field">The field's name in the request.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<Result<Done>> RunAsync(Caller caller, string password, string field, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var user = await documents.ReadAsync<User>(caller.Tenant, User.Key(caller.UserId), cancellationToken);
        return passwords.Verify(user?.Value, password) == PasswordVerificationResult.Failed ? Wrong(field) : Done.Value;
    }

    internal static Error Wrong(string field) => new(
        ErrorCodes.Unauthorized, "The password is wrong.", new Dictionary<string, string>(StringComparer.Ordinal) { [field] = "The password is wrong." });
}
