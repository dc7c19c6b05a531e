using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Accounts.ApiKeys;

namespace MidnightOS.Core.Accounts;

internal static class AccountServices
{
    /// <summary>Iterations of PBKDF2-HMAC-SHA512 in OWASP's Password Storage Cheat Sheet (2026); a stored hash of fewer is replaced at the next sign-in.</summary>
    public const int PasswordIterations = 220_000;

    /// <summary>Adds what tells whose a credential is.</summary>
    public static IServiceCollection AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section)
            .Validate(static o => o.Issuer.Length > 0, "Setting Accounts:Issuer must not be empty.")
            .Validate(static o => o.Audience.Length > 0, "Setting Accounts:Audience must not be empty.")
            .Validate(static o => o.AccessTokenLifetime > TimeSpan.Zero && o.AccessTokenLifetime <= TimeSpan.FromMinutes(15), "Setting Accounts:AccessTokenLifetime must be at most 00:15:00.")
            .Validate(static o => o.SessionLifetime >= o.AccessTokenLifetime, "Setting Accounts:SessionLifetime must not be shorter than Accounts:AccessTokenLifetime.")
            .ValidateOnStart();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AuthenticateSession>();
        services.AddSingleton<ApiKeyUses>();
        services.AddSingleton<AuthenticateApiKey>();
        return services;
    }

    /// <summary>Adds accounts, sessions and access tokens.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddCredentials();
        services.Configure<PasswordHasherOptions>(static o => o.IterationCount = PasswordIterations);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<EmailClaims>();
        services.AddSingleton<NewAccount>();
        services.AddSingleton<OpenSession>();
        services.AddSingleton<Register>();
        services.AddSingleton<Login>();
        services.AddSingleton<RefreshSession>();
        services.AddSingleton<Logout>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<VerifyPassword>();
        services.AddSingleton<GetMe>();
        services.AddSingleton<CreateApiKey>();
        services.AddSingleton<ListApiKeys>();
        services.AddSingleton<RevokeApiKey>();
        return services;
    }
}
