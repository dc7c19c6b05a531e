using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Accounts;

/// <summary>Ends the caller's session: its tokens stop working at once, on every host.</summary>
public sealed class Logout(IDocumentStore documents, TimeProvider time)
{
    /// <summary>Succeeds also when the session has ended already.</summary>
    public async Task<Result<Done>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        await EndSession.RunAsync(documents, caller.Tenant, caller.SessionId, time.GetUtcNow(), cancellationToken);
        return Done.Value;
    }
}

/// <summary>Ends one session for good.</summary>
internal static class EndSession
{
    public static async Task RunAsync(IDocumentStore documents, TenantId tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A refresh may change the session meanwhile; ending it wins in the end.
        while (await documents.ReadAsync<Session>(tenant, Session.Key(id), cancellationToken) is { Value.RevokedAt: null } stored)
        {
            var ended = OpenSession.Write(stored.Value with { RevokedAt = now }, Precondition.Match(stored.ETag));
            if ((await documents.CommitAsync(tenant, [ended], cancellationToken)).Committed)
            {
                return;
            }
        }
    }
}
