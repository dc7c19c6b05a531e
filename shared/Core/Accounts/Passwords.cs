using System.Text;
using Microsoft.AspNetCore.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Rules, hashes and checks of passwords.</summary>
public sealed class Passwords
{
    private const int MinCharacters = 10;

    /// <summary>PBKDF2 hashes longer input first; the bound only keeps requests small.</summary>
    private const int MaxBytes = 256;

    private readonly IPasswordHasher<User> _hasher;
    private readonly string _nobodysHash;

    /// <param name="hasher">The framework's hasher at the strength that the platform wants.</param>
    public Passwords(IPasswordHasher<User> hasher)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        _hasher = hasher;
        _nobodysHash = hasher.HashPassword(null!, Guid.NewGuid().ToString());
    }

    /// <summary>What is wrong with a new password; null when nothing is.</summary>
    /// <param name="field">The field's name in the request.</param>
    /// <param name="password">The password.</param>
    public static Error? Check(string field, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return password.EnumerateRunes().Count() < MinCharacters ? Error.Invalid(field, $"{field} must have at least {MinCharacters} characters.")
            : Encoding.UTF8.GetByteCount(password) > MaxBytes ? Error.Invalid(field, $"{field} must have at most {MaxBytes} bytes.")
            : WellKnownPasswords.Contains(password) ? Error.Invalid(field, $"{field} is one of the well-known passwords that are tried first. Choose another.")
            : null;
    }

    /// <summary>What is stored of a password.</summary>
    // The framework's hasher does not look at the user.
    public string Hash(string password) => _hasher.HashPassword(null!, password);

    /// <summary>Whether the password is the user's. For a user that is not there it takes the same work and fails.</summary>
    public PasswordVerificationResult Verify(User? user, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var result = _hasher.VerifyHashedPassword(user!, user?.PasswordHash ?? _nobodysHash, password);
        return user is null ? PasswordVerificationResult.Failed : result;
    }
}
