using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover;
using MidnightOS.Prover.Messages;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>The queue of messages at the edge of the machine: at least once, with locks that can be lost. A message that is held back is delivered when the test asks for it.</summary>
internal sealed class MessagesUnderTest : IProofCourier
{
    private readonly ConcurrentQueue<Message> _waiting = new();

    /// <summary>Called before each word that is sent is there.</summary>
    public Func<ProofWord, Task> Sending { get; set; } = static _ => Task.CompletedTask;

    /// <summary>How many messages wait.</summary>
    public int Waiting => _waiting.Count;

    public Task SendAsync(ProofWord word, TimeSpan after, CancellationToken cancellationToken)
    {
        // The sender wipes its key.
        var copy = word with { Key = [.. word.Key] };
        _waiting.Enqueue(new Message(this, copy, after));
        return Sending(copy);
    }

    /// <summary>A configuration of the proof service that takes its jobs from here.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.TakeProofsFromMessages();
        services.AddSingleton<IProofCourier>(this);
    }

    /// <summary>Takes the next message, locked.</summary>
    public Message Take() => _waiting.TryDequeue(out var message) ? message : throw new InvalidOperationException("No message waits.");

    /// <summary>Has a host carry out the next message.</summary>
    public Task<Message> DeliverAsync(ProverUnderTest host, CancellationToken stopping = default) => DeliverAsync(host.Services, stopping);

    /// <summary>Has an app carry out the next message.</summary>
    public async Task<Message> DeliverAsync(IServiceProvider app, CancellationToken stopping = default)
    {
        var message = Take();
        await message.DeliverAsync(app, stopping);
        return message;
    }

    internal sealed class Message(MessagesUnderTest queue, ProofWord word, TimeSpan after) : IProofMessage
    {
        private bool _isLost;

        public ProofWord Word { get; } = word;

        /// <summary>How long it was held back.</summary>
        public TimeSpan After { get; } = after;

        public int Deliveries { get; init; } = 1;

        /// <summary><c>complete</c>, <c>abandon</c> or the reason of the dead letter; null while it is locked.</summary>
        public string? Became { get; private set; }

        /// <summary>The body as it is stored is not what a receiver wipes.</summary>
        public Task DeliverAsync(ProverUnderTest host, CancellationToken stopping = default) => DeliverAsync(host.Services, stopping);

        public Task DeliverAsync(IServiceProvider app, CancellationToken stopping = default) =>
            app.GetRequiredService<ReceiveProofMessage>().RunAsync(Word with { Key = [.. Word.Key] }, this, stopping);

        /// <summary>The lock is lost: the next gets the message.</summary>
        public void LoseLock()
        {
            _isLost = true;
            queue._waiting.Enqueue(new Message(queue, Word, TimeSpan.Zero) { Deliveries = Deliveries + 1 });
        }

        public Task CompleteAsync() => BecomeAsync("complete");

        public Task AbandonAsync()
        {
            queue._waiting.Enqueue(new Message(queue, Word, TimeSpan.Zero) { Deliveries = Deliveries + 1 });
            return BecomeAsync("abandon");
        }

        public Task DeadLetterAsync(string reason, string description) => BecomeAsync(reason);

        private Task BecomeAsync(string what)
        {
            if (_isLost)
            {
                throw new InvalidOperationException("The lock is lost.");
            }

            Became = what;
            return Task.CompletedTask;
        }
    }
}
