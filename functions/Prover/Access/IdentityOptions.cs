using System.Net;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Access;

/// <summary>Whose tokens are taken beside the platform's own; section <c>Prover:Identity</c>. Without an issuer none are.</summary>
public sealed class IdentityOptions
{
    /// <summary>The issuer, an OpenID provider: https, or http on this machine. Its document is at <c>/.well-known/openid-configuration</c>.</summary>
    public string? Issuer { get; set; }

    /// <summary>The audience that tokens must be for.</summary>
    public string? Audience { get; set; }

    /// <summary>The tenant of each subject (<c>sub</c>); one that is not listed is refused.</summary>
    public Dictionary<string, string> Subjects { get; } = new(StringComparer.Ordinal);

    internal string? Problem() => this switch
    {
        { Issuer: null or "" } => Audience is not null || Subjects.Count > 0 ? Wrong(nameof(Issuer), "set when Prover:Identity is used") : null,
        _ when !IsIssuer(Issuer) => Wrong(nameof(Issuer), "an https address such as https://login.example.com/tenant"),
        { Audience: null or "" } => Wrong(nameof(Audience), "set when there is an issuer"),
        { Subjects.Count: 0 } => Wrong(nameof(Subjects), "name at least one subject and its tenant"),
        _ => Subjects.FirstOrDefault(static subject => !IsTenant(subject.Value)) is { Key: { } name } ? Wrong($"{nameof(Subjects)}:{name}", "the id of a tenant, ten_…") : null,
    };

    private static bool IsTenant(string text) => text.StartsWith(IdPrefix.Tenant, StringComparison.Ordinal) && text.Length == TenantId.Platform.Value.Length && text != TenantId.Platform.Value;

    private static bool IsIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Query.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)))));

    private static string Wrong(string setting, string bounds) => $"Prover:Identity:{setting} must be {bounds}.";
}
