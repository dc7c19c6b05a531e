namespace MidnightOS.Core.Accounts;

/// <summary>Settings of section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Accounts";

    /// <summary>The <c>iss</c> of access tokens.</summary>
    public string Issuer { get; set; } = "midnightos";

    /// <summary>The <c>aud</c> of access tokens.</summary>
    public string Audience { get; set; } = "midnightos-api";

    /// <summary>How long an access token is good for; at most the 15 minutes of the contract, for which custody keeps old signing keys.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session lasts, however often it is refreshed.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(30);
}
