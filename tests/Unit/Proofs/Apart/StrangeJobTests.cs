using System.Text;
using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs.Apart;

/// <summary>Documents and blobs of proofs that somebody wrote who is no job: the apps that may move money read them, and go on.</summary>
public sealed class StrangeJobTests : IDisposable
{
    private const string Content = "a request";

    private static readonly string Id = SubmitProof.IdOf(ProofHost.Ann, SubmitProof.HashOf(Encoding.UTF8.GetBytes(Content)));

    private readonly TemporaryFolder _folder = new();

    /// <summary>What stands in the place of the job of <see cref="Content"/>.</summary>
    public static TheoryData<string> Strange => new(
    [
        "{}",
        """{"id":17}""",
        """{"\ud800":17}""",
        string.Concat(Enumerable.Repeat("{\"deep\":", 60)) + "{}" + new string('}', 60),
        DocumentJson.ToText(Job()).Replace("\"00\"", "\"\\ud800\"", StringComparison.Ordinal),
        DocumentJson.ToText(Job()).Replace("1970-01-01T00:00:00", "9999-99-99T00:00:00", StringComparison.Ordinal),
        DocumentJson.ToText(Job()).Replace("running", "rich", StringComparison.Ordinal),
        DocumentJson.ToText(Job() with { Id = "prf_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        DocumentJson.ToText(Job() with { Payload = "../../wallets/seed" }),
        DocumentJson.ToText(Job() with { Payload = "prf_01ARZ3NDEKTSV4RRFFQ69G5FAV.1" }),
        DocumentJson.ToText(Job() with { Payload = $"{Id}.{new string('x', 100_000)}" }),
        DocumentJson.ToText(Job() with { Flows = [.. Enumerable.Range(0, 500).Select(static number => $"txn_{number}")] }),
        DocumentJson.ToText(Job()).Replace("\"flows\":[]", "\"flows\":null", StringComparison.Ordinal),
    ]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task Submit_StrangeDocumentInItsPlace_IsAcceptedAnew(string document)
    {
        await using var host = await ProofHost.StartAsync(_folder);
        await StoreAsync(host, ProofJob.Key(Id), document);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var job = await host.Get<SubmitProof>().RunAsync(ProofHost.Ann, new ProofRequest(Encoding.UTF8.GetBytes(Content)), end.Token);
        Assert.Equal((Id, ProofJobStatus.Queued), (job.Value.Id, job.Value.Status));
        Assert.Equal(Id, (await host.ReadAsync(Id)).Id);
    }

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task Cancel_StrangeDocumentInItsPlace_IsNotFound(string document)
    {
        await using var host = await ProofHost.StartAsync(_folder);
        await StoreAsync(host, ProofJob.Key(Id), document);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal(ErrorCodes.NotFound, (await host.Get<CancelProof>().RunAsync(ProofHost.Ann, Id, end.Token)).Error?.Code);
        Assert.Null(await host.Get<ReadProof>().FindAsync(ProofHost.Ann, Id, default));
    }

    [Fact]
    public async Task Erase_StrangeDocumentsAndMarkers_ErasesTheBytesOfOthers()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var (directory, now) = (host.Get<IDirectory>(), host.Clock.GetUtcNow());
        await StoreAsync(host, ProofJob.Key(Id), "{}");
        await directory.MarkDueAsync(ProofDocuments.EraseQueue, ProofHost.Ann, $"{Id}.1", now, default);
        await directory.MarkDueAsync(ProofDocuments.EraseQueue, ProofHost.Ann, "../../wallets", now, default);
        var lost = new BlobName(ProofHost.Bob, "proofs", $"{Id}.2.{ProofPart.Request}");
        using var bytes = new MemoryStream([1]);
        await host.Get<IBlobStore>().PutAsync(lost, bytes, overwrite: true, default);
        await directory.MarkDueAsync(ProofDocuments.EraseQueue, ProofHost.Bob, $"{Id}.2", now + TimeSpan.FromSeconds(1), default);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Get<EraseProofs>().RunAsync(TimeSpan.FromSeconds(10), default);
        await using var left = await host.Get<IBlobStore>().OpenReadAsync(lost, default);
        Assert.Null(left);
        Assert.Empty(await directory.ListDueAsync(ProofDocuments.EraseQueue, host.Clock.GetUtcNow(), 10, default));
    }

    [Fact]
    public async Task Submit_ForMoreFlowsThanAJobTells_StaysTheSameWholeJob()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var first = await host.SubmitAsync(Content, flow: "txn_0");
        for (var flow = 1; flow < 120; flow++)
        {
            Assert.Equal(first.Payload, (await host.SubmitAsync(Content, flow: $"txn_{flow}")).Payload);
        }

        var held = (await host.StartJobAsync(await host.ReadAsync(first.Id)))!;
        Assert.True(await host.FinishAsync(held, "the proof"));
        Assert.Equal(ProofJobStatus.Succeeded, (await host.ReadAsync(first.Id)).Status);
    }

    [Fact]
    public async Task Submit_StrangeBacklog_CountsAnew()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        await StoreAsync(host, ProofBacklog.Key, """{"waiting":"many"}""");
        Assert.Equal(ProofJobStatus.Queued, (await host.SubmitAsync(Content)).Status);
    }

    [Fact]
    public async Task Result_LongerThanAnyProof_IsNotRead()
    {
        var blobs = new EndlessBlobs();
        var payloads = new ProofPayloads(blobs, new NoSealer(), new NoCourier());
        Assert.Null(await payloads.ReadResultAsync(ProofHost.Ann, $"{Id}.1", default));
        Assert.False(blobs.WasRead);
    }

    [Theory]
    [InlineData("""{"day":"yesterday"}""")]
    [InlineData("""{"day":null}""")]
    public async Task Find_StrangeUseOfAnApiKey_IsAsNeverUsed(string document)
    {
        await using var host = await ProofHost.StartAsync(_folder);
        await StoreAsync(host, new DocumentKey(ApiKeyUses.Kind, "key_1"), document);
        Assert.Null(await host.Get<ApiKeyUses>().FindAsync(ProofHost.Ann, "key_1", default));
    }

    private static ProofJob Job() => new()
    {
        Id = Id, ContentHash = "00", Payload = $"{Id}.1", Status = ProofJobStatus.Running, RequestBytes = 1, CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static Task<CommitResult> StoreAsync(ProofHost host, DocumentKey key, string document) =>
        host.Get<IDocumentStore>().CommitAsync(ProofHost.Ann, [new DocumentWrite.Put(key, Encoding.UTF8.GetBytes(document), [])], default);

    /// <summary>Blobs of two gigabytes.</summary>
    private sealed class EndlessBlobs : IBlobStore
    {
        public bool WasRead { get; private set; }

        public Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken) => Task.FromResult<Stream?>(new Endless(this));

        public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, CancellationToken cancellationToken) => throw new NotSupportedException();

        private sealed class Endless(EndlessBlobs blobs) : MemoryStream
        {
            public override long Length => 2_000_000_000;

            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                blobs.WasRead = true;
                return ValueTask.FromResult(buffer.Length);
            }
        }
    }

    private sealed class NoSealer : IProofSealer
    {
        public Task<SealedPart> SealAsync(ProofPart part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]?> UnsealAsync(ProofPart part, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
            Task.FromResult<byte[]?>(record.ToArray());
    }
}
