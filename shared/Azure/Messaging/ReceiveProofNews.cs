using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.Messaging;

/// <summary>What becomes of a message of the queue <c>proofnews</c>. It is done with in any case: a timer looks for what was not carried over, and a queue that gave it out again at once would
/// have put it aside within seconds of an outage.</summary>
public sealed partial class ReceiveProofNews(ForwardProofNews forward, ILogger<ReceiveProofNews> logger)
{
    /// <summary>Carries over what a tenant's jobs tell.</summary>
    /// <param name="body">The message's body; one that names no tenant is dropped.</param>
    /// <param name="cancellationToken">The host stops; the message is given back.</param>
    public async Task RunAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (ProofNewsMessage.Read(body) is not { } tenant)
        {
            return;
        }

        try
        {
            await forward.TellAsync(tenant, cancellationToken);
        }
        catch (StorageUnavailableException error)
        {
            LogLater(logger, tenant, error);
        }
    }

    [LoggerMessage(2402, LogLevel.Warning, "What proof jobs of {Tenant} tell could not be carried over now; the timer tries again.")]
    private static partial void LogLater(ILogger logger, TenantId tenant, Exception error);
}
