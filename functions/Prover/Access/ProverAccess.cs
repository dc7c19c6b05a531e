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

    /// <summary>The caller; null when there is none, and 401 is the answer already.</summary>
    public async Task<ProofCaller?> FindAsync(HttpContext context)
    {
        var shown = context.Request.Headers.Authorization;
        var caller = shown.Count == 0 ? Open(context) : await ReadAsync(shown.Count == 1 ? shown[0] : null, context.RequestAborted);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = shown.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
            await context.Response.TextAsync(StatusCodes.Status401Unauthorized, "unauthorized");
        }

        return caller;
    }

    private ProofCaller? Open(HttpContext context) => options.Value.IsOpenOnLoopback && IsLocal(context) ? ProofCaller.Open : null;

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
