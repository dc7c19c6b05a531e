using Microsoft.Extensions.Logging;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs.Apart;

/// <summary>What is carried over of the jobs' outbox, which a stranger may have written: each thing that a job may tell once, and nothing else.</summary>
public sealed class ProofNewsTests : IAsyncLifetime, IDisposable
{
    private const string Transaction = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Job = "prf_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private readonly TemporaryFolder _folder = new();
    private ProofHost? _host;

    public static TheoryData<string> Forbidden => new(
    [
        "{}",
        """{"flowStart":{"flow":"transaction","id":"txn_01ARZ3NDEKTSV4RRFFQ69G5FAV","inputJson":"{}"}}""",
        Record(Raised("approve", Transaction, $"\"{Job}\"")),
        Record(Raised("proof", "wex_01ARZ3NDEKTSV4RRFFQ69G5FAV", $"\"{Job}\"")),
        Record(Raised("proof", "@entity@key", $"\"{Job}\"")),
        Record(Raised("proof", Transaction, "{\"amount\":1}")),
        Record(Raised("proof", Transaction, "\"something else\"")),
        Record("\"flowEvent\":{\"flowId\":\"" + Transaction + "\",\"name\":\"proof\"}"),
        Record(Told("transaction", Job, Activity("proof", Job, "succeeded"))),
        Record(Told("activity", Job, Activity("chat", Job, "succeeded"))),
        Record(Told("activity", "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV", Activity("proof", Job, "succeeded"))),
        Record(Told("activity", Job, Activity("proof", Job, "rich"))),
        Record(Told("activity", "x", Activity("proof", "x", "succeeded"))),
        Record("\"event\":{\"type\":\"activity\",\"subject\":\"" + Job + "\"}"),
        Record(Raised("proof", Transaction, $"\"{Job}\"") + "," + "\"flowStart\":{\"flow\":\"transaction\",\"id\":\"x\",\"inputJson\":\"{}\"}"),
    ]);

    public async Task InitializeAsync() => _host = await ProofHost.StartApartAsync(_folder);

    public async Task DisposeAsync() => await _host!.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Tell_RecordThatNoJobWrites_IsDroppedAndTheOthersAreTaken(string record)
    {
        await StoreAsync("1", record);
        await StoreAsync("2", Record(Raised("proof", Transaction, $"\"{Job}\"")));
        await Get<ForwardProofNews>().TellAsync(ProofHost.Ann, default);

        Assert.Empty(await ReadAsync(ProofArea.Outbox.Kind));
        var taken = DocumentJson.Deserialize<OutboxRecord>(Assert.Single(await ReadAsync(OutboxPlace.Platform.Kind)).Json);
        Assert.Equal(new OutboxFlowEvent(Transaction, ProofFlowEvents.Ended, $"\"{Job}\""), taken.FlowEvent);
        Assert.Null(taken.FlowStart);
        Assert.Null(taken.Event);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Read_NoObject_IsNull(string json) => Assert.Null(ProofNewsRecord.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task Tell_ReasonWithoutEnd_IsCut()
    {
        await StoreAsync("1", Record(Told("activity", Job, $$"""{"kind":"proof","jobId":"{{Job}}","status":"failed","reason":"{{new string('x', 100_000)}}"}""")));
        await Get<ForwardProofNews>().TellAsync(ProofHost.Ann, default);
        Assert.InRange(Assert.Single(await ReadAsync(OutboxPlace.Platform.Kind)).Json.Length, 2_000, 4_000);
    }

    [Fact]
    public async Task Tell_DiedBeforeTheRecordsWereDeleted_TakesEachOnce()
    {
        await StoreAsync("1", Record(Told("activity", Job, Activity("proof", Job, "succeeded"))));
        await Assert.ThrowsAsync<IOException>(() => Dying().TellAsync(ProofHost.Ann, default));
        await StoreAsync("2", Record(Raised("proof", Transaction, $"\"{Job}\"")));
        Assert.Equal((2, 1), ((await ReadAsync(ProofArea.Outbox.Kind)).Count, (await ReadAsync(OutboxPlace.Platform.Kind)).Count));

        await Get<ForwardProofNews>().TellAsync(ProofHost.Ann, default);
        Assert.Equal((0, 2), ((await ReadAsync(ProofArea.Outbox.Kind)).Count, (await ReadAsync(OutboxPlace.Platform.Kind)).Count));
    }

    [Fact]
    public async Task Tell_SeveralAtOnce_TakeEachOnce()
    {
        foreach (var number in Enumerable.Range(0, 100))
        {
            await StoreAsync($"{number:d3}", Record(Told("activity", Job, Activity("proof", Job, "running"))));
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Get<ForwardProofNews>().TellAsync(ProofHost.Ann, default))));
        Assert.Equal((0, 100), ((await ReadAsync(ProofArea.Outbox.Kind)).Count, (await ReadAsync(OutboxPlace.Platform.Kind)).Count));
    }

    [Fact]
    public async Task Tell_TraceOfTheChange_GoesOn()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await StoreAsync("1", Record(Raised("proof", Transaction, $"\"{Job}\"") + $",\"traceParent\":\"{Trace}\""));
        await Get<ForwardProofNews>().TellAsync(ProofHost.Ann, default);
        Assert.Equal(Trace, DocumentJson.Deserialize<OutboxRecord>(Assert.Single(await ReadAsync(OutboxPlace.Platform.Kind)).Json).TraceParent);
    }

    private ForwardProofNews Dying() => new(new DyingStore(Get<IDocumentStore>()), Get<IUnitOfWork>(), _host!.Clock, Get<ILogger<ForwardProofNews>>());

    private T Get<T>()
        where T : notnull => _host!.Get<T>();

    private Task<CommitResult> StoreAsync(string id, string record) => Get<IDocumentStore>().CommitAsync(
        ProofHost.Ann, [new DocumentWrite.Put(ProofArea.Outbox.Key(id), System.Text.Encoding.UTF8.GetBytes(record), [])], default);

    private Task<IReadOnlyList<StoredDocument>> ReadAsync(string kind) => _host!.DocumentsAsync(ProofHost.Ann, kind);

    private static string Record(string parts) => $"{{\"id\":\"x\",\"at\":\"2026-11-01T00:00:00Z\",{parts}}}";

    private static string Raised(string name, string flow, string payload) => $"\"flowEvent\":{DocumentJson.ToText(new OutboxFlowEvent(flow, name, payload))}";

    private static string Told(string type, string subject, string data) => $"\"event\":{DocumentJson.ToText(new OutboxEvent(type, subject, data))}";

    private static string Activity(string kind, string job, string status) => $$"""{"kind":"{{kind}}","jobId":"{{job}}","status":"{{status}}"}""";

    /// <summary>A store whose host dies when it deletes.</summary>
    private sealed class DyingStore(IDocumentStore store) : IDocumentStore
    {
        public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => store.GetAsync(tenant, key, cancellationToken);

        public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken) => store.QueryAsync(tenant, query, cancellationToken);

        public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken) => throw new IOException("The host dies.");
    }
}
