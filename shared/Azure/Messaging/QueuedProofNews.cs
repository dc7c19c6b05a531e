using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs.Apart;

namespace MidnightOS.Azure.Messaging;

/// <summary>Tells the flows' app over the queue <c>proofnews</c> whose jobs have news. A message names a tenant and can have nothing else done.</summary>
internal sealed class QueuedProofNews(IMessageQueue queue, IIdGenerator ids) : IProofNews
{
    public Task TellAsync(TenantId tenant, CancellationToken cancellationToken) => queue.SendAsync(
        new QueueMessage(ProofNewsMessage.Queue, ids.New("news_"), SessionId: null, DocumentJson.Serialize(new ProofNewsMessage(tenant.Value))), cancellationToken);
}

/// <summary>A message of the queue <c>proofnews</c>: the jobs' outbox of this tenant has records.</summary>
/// <param name="Tenant">The tenant's id.</param>
public sealed record ProofNewsMessage(string? Tenant)
{
    /// <summary>The queue.</summary>
    public const string Queue = "proofnews";

    /// <summary>Reads a body.</summary>
    /// <returns>The tenant; null when none can be meant.</returns>
    public static TenantId? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return DocumentJson.Deserialize<ProofNewsMessage>(body) is { Tenant: { } tenant } && IdFormat.Is(IdPrefix.Tenant, tenant) ? new TenantId(tenant) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
