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
