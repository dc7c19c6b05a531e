using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Core;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.OneTimeKeys;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs;

/// <summary>Proof jobs where whoever proves has no vault: nothing here is composed with one.</summary>
public sealed class OneTimeKeyTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] Content = "a private witness"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly Words _words = new();
    private ServiceProvider? _services;

    public async Task InitializeAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = _folder.Path }).Build();
        _services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(_clock).AddLogging()
            .AddStorage(configuration).AddCore().AddOneTimeProofKeys().AddSingleton<IProofCourier>(_words).BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }
    }

    public async Task DisposeAsync() => await _services!.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submit_Request_OpensWithTheKeyOfItsWordAlone()
    {
        var job = await SubmitAsync();
        var word = Assert.Single(_words.Sent);
        Assert.Equal((job.Id, job.Payload), (word.JobId, word.Payload));
        Assert.Equal(Content, await Get<ProofPayloads>().ReadRequestAsync(word.Tenant, word.Payload, word.Key, default));
        Assert.Null(await Get<ProofPayloads>().ReadRequestAsync(word.Tenant, word.Payload, new byte[32], default));
        Assert.Null(await Get<ProofPayloads>().ReadRequestAsync(word.Tenant, word.Payload, default, default));
    }

    [Fact]
    public async Task Submit_EachTime_IsSealedUnderAnotherKeyAndTheSendersCopyIsWiped()
    {
        await SubmitAsync();
        Assert.Equal(ProofHost.Ann, _words.Sent[0].Tenant);
        await Get<CancelProof>().RunAsync(ProofHost.Ann, _words.Sent[0].JobId, default);
        await SubmitAsync();
        Assert.NotEqual(_words.Sent[0].Key, _words.Sent[1].Key);
        Assert.NotEqual(_words.Sent[0].Payload, _words.Sent[1].Payload);
        Assert.All(_words.Given, static key => Assert.All(key, static value => Assert.Equal(0, value)));
    }

    [Fact]
    public async Task Unseal_RecordOfAnotherJobOrChangedByOneBit_IsNotOpened()
    {
        var (first, sealer) = (await SubmitAsync(), Get<IProofSealer>());
        var word = _words.Sent[0];
        var part = new ProofPart(word.Tenant, first.Payload, ProofPart.Request);
        var record = await RecordAsync(part);
        Assert.Equal(Content, await sealer.UnsealAsync(part, record, word.Key, default));
        Assert.Null(await sealer.UnsealAsync(part with { Tenant = ProofHost.Bob }, record, word.Key, default));
        Assert.Null(await sealer.UnsealAsync(part with { Payload = $"{first.Id}.OTHER" }, record, word.Key, default));
        Assert.Null(await sealer.UnsealAsync(part, record.AsMemory(0, 20), word.Key, default));
        for (var at = 0; at < record.Length; at++)
        {
            var changed = record.ToArray();
            changed[at] ^= 1;
            Assert.Null(await sealer.UnsealAsync(part, changed, word.Key, default));
        }
    }

    [Fact]
    public async Task Result_WhileItIsKept_OpensWithItsKeyFromTheDocumentsAndNotLater()
    {
        var job = await SubmitAsync();
        var held = await Get<HoldProof>().StartAsync(ProofHost.Ann, job.Id, "one", default);
        await Get<FinishProof>().RunAsync(ProofHost.Ann, held!, new ProofOutcome("the proof"u8.ToArray(), null, 6, TimeSpan.FromSeconds(1)), default);
        Assert.Equal("the proof", Encoding.UTF8.GetString((await Get<ReadProof>().ResultAsync(ProofHost.Ann, job.Id, default)).Value));
        var part = new ProofPart(ProofHost.Ann, job.Payload, ProofPart.Result);
        var record = await RecordAsync(part);
        Assert.DoesNotContain("the proof", Encoding.Latin1.GetString(record), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromHours(26));
        Assert.Null(await Get<IProofSealer>().UnsealAsync(part, record, default, default));
        Assert.Null(await Get<IDocumentStore>().GetAsync(ProofHost.Ann, new DocumentKey("proofKey", job.Payload), default));
    }

    [Fact]
    public async Task Result_WrittenTwice_IsReadableAllTheWhile()
    {
        var job = await SubmitAsync();
        foreach (var proof in new[] { "one", "two" })
        {
            await Get<ProofPayloads>().PutResultAsync(ProofHost.Ann, job.Payload, Encoding.UTF8.GetBytes(proof), default);
            Assert.Equal(proof, Encoding.UTF8.GetString((await Get<ProofPayloads>().ReadResultAsync(ProofHost.Ann, job.Payload, default))!));
        }
    }

    [Fact]
    public async Task LostMessage_AfterTheWaitLimit_EndsTheJobWithItsReasonAndTellsTheFlow()
    {
        var job = await SubmitAsync("txn_1");
        await Get<EndLostProofs>().RunAsync(TimeSpan.FromSeconds(10), default);
        Assert.Equal(ProofJobStatus.Queued, (await Get<ReadProof>().FindAsync(ProofHost.Ann, job.Id, default))!.Status);

        _clock.Advance(TimeSpan.FromHours(25));
        await Get<EndLostProofs>().RunAsync(TimeSpan.FromSeconds(10), default);
        var ended = await Get<ReadProof>().FindAsync(ProofHost.Ann, job.Id, default);
        Assert.Equal((ProofJobStatus.Failed, ProofFailureKind.TimedOut), (ended!.Status, ended.Failure!.Kind));
        var told = await Get<IDocumentStore>().QueryAsync(ProofHost.Ann, new DocumentQuery("outbox") { Limit = 100 }, default);
        Assert.Contains(told.Documents, static document => document.As<Core.Outbox.OutboxRecord>().Value.FlowEvent is { FlowId: "txn_1", Name: ProofFlowEvents.Ended });
    }

    [Fact]
    public async Task Submit_WordCannotBeSent_NoJobIsAccepted()
    {
        _words.IsAway = true;
        await Assert.ThrowsAsync<IOException>(() => SubmitAsync());
        Assert.Empty((await Get<ReadProof>().ListAsync(ProofHost.Ann, 10, null, default)).Jobs);
        _words.IsAway = false;
        await SubmitAsync();
        Assert.Single((await Get<ReadProof>().ListAsync(ProofHost.Ann, 10, null, default)).Jobs);
    }

    private T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    private async Task<ProofJob> SubmitAsync(string? flow = null) => (await Get<SubmitProof>().RunAsync(ProofHost.Ann, new ProofRequest(Content, FlowId: flow), default)).Value;

    private async Task<byte[]> RecordAsync(ProofPart part)
    {
        await using var stream = await Get<IBlobStore>().OpenReadAsync(new BlobName(part.Tenant, "proofs", $"{part.Payload}.{part.Name}"), default);
        var record = new byte[stream!.Length];
        await stream.ReadExactlyAsync(record);
        return record;
    }

    private sealed class Words : IProofCourier
    {
        public List<ProofWord> Sent { get; } = [];

        public List<byte[]> Given { get; } = [];

        public bool IsAway { get; set; }

        public Task SendAsync(ProofWord word, TimeSpan after, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                throw new IOException("The queue is away.");
            }

            Given.Add(word.Key);
            Sent.Add(word with { Key = [.. word.Key] });
            return Task.CompletedTask;
        }
    }
}
