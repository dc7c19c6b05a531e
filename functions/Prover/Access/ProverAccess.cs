using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Access;

/// <summary>Finds who asks the proof service: by the credential that is shown, or, where the host allows it, by being on this machine.</summary>
internal sealed class ProverAccess(AuthenticateSession sessions, AuthenticateApiKey keys, AuthenticateIdentity identities, IOptions<ProverOptions> options)
{
    private const int LongestCredential = 8 * 1024;

    /// <summary>The caller of an official route; null when there is none, and 401 is the answer already. On this machine web pages may ask too, as they may the official server.</summary>
    public Task<ProofCaller?> FindAsync(HttpContext context) => FindAsync(context, forPages: true);

    /// <summary>The same for routes that show or take away what others asked for: without a credential no web page from elsewhere may.</summary>
    public Task<ProofCaller?> FindOwnerAsync(HttpContext context) => FindAsync(context, forPages: false);

    private async Task<ProofCaller?> FindAsync(HttpContext context, bool forPages)
    {
        var shown = context.Request.Headers.Authorization;
        var caller = shown.Count == 0 ? Open(context, forPages) : await ReadAsync(shown.Count == 1 ? shown[0] : null, context.RequestAborted);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = shown.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
            await context.Response.TextAsync(StatusCodes.Status401Unauthorized, "unauthorized");
        }

        return caller;
    }

    private ProofCaller? Open(HttpContext context, bool forPages) =>
        options.Value.IsOpenOnLoopback && IsLocal(context) && (forPages || !IsOfForeignPage(context.Request.Headers)) ? ProofCaller.Open : null;

    // Browsers name the page in whatever it may read the answer of, or change something with. The rest they call cross-site.
    private static bool IsOfForeignPage(IHeaderDictionary headers) => headers.Origin.Count > 0
        ? !(headers.Origin.Count == 1 && Uri.TryCreate(headers.Origin[0], UriKind.Absolute, out var page) && page.Scheme is "http" or "https" && LocalCaller.IsThisMachine(page.Host))
        : headers["Sec-Fetch-Site"] == "cross-site";

    private static bool IsLocal(HttpContext context) =>
        LocalCaller.Is(context.Connection.RemoteIpAddress, context.Request.Host.Host, context.Request.Headers.ContainsKey);

    private async Task<ProofCaller?> ReadAsync(string? header, CancellationToken cancellationToken)
    {
        if (header is not { Length: <= LongestCredential } || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var credential = header["Bearer ".Length..].Trim();
        if (credential.StartsWith(AuthenticateApiKey.Prefix, StringComparison.Ordinal))
        {
            return await keys.RunAsync(credential, ApiKeyScopes.Proofs, cancellationToken) is { } owner ? new ProofCaller(owner, ProofSignIn.ApiKey) : null;
        }

        if (identities.IsTheirs(credential))
        {
            return await identities.RunAsync(credential, cancellationToken) is { } tenant ? new ProofCaller(tenant, ProofSignIn.Identity) : null;
        }

        var session = await sessions.RunAsync(credential, cancellationToken);
        return session.IsSuccess ? new ProofCaller(session.Value.Tenant, ProofSignIn.AccessToken) : null;
    }
}
