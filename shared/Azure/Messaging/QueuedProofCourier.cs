using MidnightOS.Core.Proofs;

namespace MidnightOS.Azure.Messaging;

/// <summary>Sends the words of proof jobs over the queue <c>proofs</c>.</summary>
internal sealed class QueuedProofCourier(IMessageQueue queue) : IProofCourier
{
    public Task SendAsync(ProofWord word, TimeSpan after, CancellationToken cancellationToken) => queue.SendAsync(
        new QueueMessage(ProofMessage.Queue, ProofMessage.IdOf(word), SessionId: null, ProofMessage.BodyOf(word)) { Key = ProofMessage.KeyOf(word), After = after }, cancellationToken);
}
