using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs.Apart;

/// <summary>Somebody who writes records of the jobs' outbox faster than they are carried over: the other tenants' are, and the platform's outbox gets no more than it can bear.</summary>
public sealed class NewsWithoutEndTests : IAsyncLifetime, IDisposable
{
    private const string Transaction = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Job = "prf_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private readonly TemporaryFolder _folder = new();
    private ProofHost? _host;
    private Refilled? _store;
    private ForwardProofNews? _forward;

    public async Task InitializeAsync()
    {
        _host = await ProofHost.StartApartAsync(_folder);

        _store = new Refilled(Get<IDocumentStore>());
        _forward = new ForwardProofNews(_store, Get<IUnitOfWork>(), _host!.Clock, Get<ILogger<ForwardProofNews>>());
    }

    public async Task DisposeAsync() => await _host!.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tell_RecordsThatNeverEnd_StopsAndRestsAWhile()
    {
        await _store!.FillAsync(ProofHost.Ann);
        await _forward!.TellAsync(ProofHost.Ann, default);
        var taken = _store.Deleted;
        Assert.InRange(taken, 1, 1_000);

        await _forward.TellAsync(ProofHost.Ann, default);
        Assert.Equal(taken, _store.Deleted);
        _host!.Clock.Advance(TimeSpan.FromMinutes(1));
        await _forward.TellAsync(ProofHost.Ann, default);
        Assert.Equal(2 * taken, _store.Deleted);
    }

    [Fact]
    public async Task Sweep_OneTenantsRecordsNeverEnd_CarriesTheOthersOverAndKeepsItsMarker()
    {
        await _store!.FillAsync(ProofHost.Ann);
        await StoreAsync(ProofHost.Bob, "1");
        var directory = Get<IDirectory>();
        await directory.MarkDueAsync(ProofArea.Outbox.Queue, ProofHost.Ann, "outbox", _host!.Clock.GetUtcNow() - TimeSpan.FromMinutes(1), default);
        await directory.MarkDueAsync(ProofArea.Outbox.Queue, ProofHost.Bob, "outbox", _host!.Clock.GetUtcNow(), default);
        _host!.Clock.Advance(TimeSpan.FromMinutes(10));
        await new SweepProofNews(directory, _forward!, _host!.Clock, NullLogger<SweepProofNews>.Instance).RunAsync(TimeSpan.FromMinutes(1), default);

        Assert.Empty(await _host!.DocumentsAsync(ProofHost.Bob, ProofArea.Outbox.Kind));
        Assert.Single(await _host!.DocumentsAsync(ProofHost.Bob, OutboxPlace.Platform.Kind));
        _host!.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ProofHost.Ann, Assert.Single(await directory.ListDueAsync(ProofArea.Outbox.Queue, _host!.Clock.GetUtcNow(), 10, default)).Tenant);
    }

    [Fact]
    public async Task Tell_ManyTenantsAtOnce_TakesNoMoreInAMinuteThanTheDocumentsBear()
    {
        var forward = new ForwardProofNews(_store!, Get<IUnitOfWork>(), _host!.Clock, Get<ILogger<ForwardProofNews>>()) { PagesAMinute = 1 };
        await StoreAsync(ProofHost.Ann, "1");
        await StoreAsync(ProofHost.Bob, "1");
        Assert.False(await forward.CarryAsync(ProofHost.Ann, default));
        Assert.False(await forward.CarryAsync(ProofHost.Bob, default));
        Assert.Empty(await _host!.DocumentsAsync(ProofHost.Ann, ProofArea.Outbox.Kind));
        Assert.Single(await _host!.DocumentsAsync(ProofHost.Bob, ProofArea.Outbox.Kind));

        _host!.Clock.Advance(TimeSpan.FromMinutes(1));
        await forward.CarryAsync(ProofHost.Bob, default);
        Assert.Empty(await _host!.DocumentsAsync(ProofHost.Bob, ProofArea.Outbox.Kind));
    }

    [Fact]
    public async Task Tell_ManyEventsForOneFlow_RaisesOne()
    {
        foreach (var number in Enumerable.Range(0, 25))
        {
            await StoreAsync(ProofHost.Bob, $"{number:d2}");
        }

        await _forward!.TellAsync(ProofHost.Bob, default);
        Assert.Single(await _host!.DocumentsAsync(ProofHost.Bob, OutboxPlace.Platform.Kind));
        Assert.Empty(await _host!.DocumentsAsync(ProofHost.Bob, ProofArea.Outbox.Kind));
    }

    private T Get<T>()
        where T : notnull => _host!.Get<T>();

    private Task<CommitResult> StoreAsync(TenantId tenant, string id) => Get<IDocumentStore>().CommitAsync(tenant, [Refilled.Record(id)], default);


    /// <summary>A store in which as many records come as one tenant's are deleted.</summary>
    private sealed class Refilled(IDocumentStore store) : IDocumentStore
    {
        private const int Enough = 5_000;

        private TenantId? _tenant;
        private int _records;

        public int Deleted { get; private set; }

        public static DocumentWrite.Put Record(string id) => new DocumentWrite.Put(
            ProofArea.Outbox.Key(id),
            Encoding.UTF8.GetBytes(DocumentJson.ToText(new OutboxRecord { FlowEvent = new OutboxFlowEvent(Transaction, "proof", $"\"{Job}\"") })), []);

        public async Task FillAsync(TenantId tenant)
        {
            _tenant = tenant;
            await RefillAsync(60);
        }

        public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => store.GetAsync(tenant, key, cancellationToken);

        public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken) => store.QueryAsync(tenant, query, cancellationToken);

        public async Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
        {
            var result = await store.CommitAsync(tenant, writes, cancellationToken);
            if (tenant == _tenant && writes.All(static write => write is DocumentWrite.Delete))
            {
                Deleted += writes.Count;
                await RefillAsync(writes.Count);
            }

            return result;
        }

        private async Task RefillAsync(int count)
        {
            Assert.True(_records < Enough, "It takes records without end.");
            await store.CommitAsync(_tenant!.Value, [.. Enumerable.Range(0, count).Select(_ => Record($"{++_records:d9}"))], default);
        }
    }
}
