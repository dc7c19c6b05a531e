using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Messaging;

public sealed class ReceiveProofNewsTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV"}""");

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV"}""", 1)]
    public async Task Run_AMessage_LooksOnlyWhenItNamesATenant(string body, int looks)
    {
        var store = new EmptyStore();
        await Receive(store).RunAsync(Encoding.UTF8.GetBytes(body), default);
        Assert.Equal(looks, store.Looks);
    }

    [Fact]
    public async Task Run_StoreIsAway_IsDoneWithSinceTheTimerLooksToo()
    {
        var store = new EmptyStore { Failure = new StorageUnavailableException("away", new IOException()) };
        await Receive(store).RunAsync(Body, default);
        Assert.Equal(1, store.Looks);
    }

    [Fact]
    public async Task Run_HostStops_GivesTheMessageBack()
    {
        var store = new EmptyStore { Failure = new OperationCanceledException() };
        await Assert.ThrowsAsync<OperationCanceledException>(() => Receive(store).RunAsync(Body, default));
    }

    private static ReceiveProofNews Receive(EmptyStore store) =>
        new(new ForwardProofNews(store, store, new ManualTimeProvider(), NullLogger<ForwardProofNews>.Instance), NullLogger<ReceiveProofNews>.Instance);

    private sealed class EmptyStore : IDocumentStore, IUnitOfWork
    {
        public Exception? Failure { get; init; }

        public int Looks { get; private set; }

        public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => Task.FromResult<StoredDocument?>(null);

        public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken)
        {
            Looks++;
            return Failure is null ? Task.FromResult(new DocumentPage([], null)) : Task.FromException<DocumentPage>(Failure);
        }

        public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommitResult> CommitAsync(TenantId tenant, Batch batch, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
