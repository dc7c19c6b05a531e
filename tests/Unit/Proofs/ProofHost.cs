using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Core;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Custody;
using MidnightOS.Storage;
using MidnightOS.Storage.Blobs;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs;

/// <summary>Proof jobs over the real stores and the real vault, under a clock that stands. Two on one folder are two hosts.</summary>
internal sealed class ProofHost : IAsyncDisposable
{
    public static readonly TenantId Ann = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    public static readonly TenantId Bob = new("ten_01BX5ZZKBKACTAV9WEVGEMMVRZ");

    private readonly ServiceProvider _services;

    private ProofHost(TemporaryFolder folder, ManualTimeProvider clock, Dictionary<string, string?> settings, Action<IServiceCollection> configure)
    {
        Clock = clock;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["Data:Folder"] = folder.Path }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(clock).AddLogging()
            .AddStorage(configuration).AddCustody(configuration).AddCore()
            .AddSingleton<IBlobStore>(provider => new HookedBlobs(provider.GetRequiredService<FileBlobStore>(), this));
        configure(services);
        _services = services.BuildServiceProvider();
    }

    /// <summary>Called once, before the next blob is deleted.</summary>
    public Func<Task>? BeforeNextDelete { get; set; }

    public ManualTimeProvider Clock { get; }

    public static Task<ProofHost> StartAsync(TemporaryFolder folder, ManualTimeProvider? clock = null, params (string Name, string Value)[] settings) =>
        StartAsync(folder, clock, static _ => { }, settings);

    /// <summary>A host whose jobs have an outbox of their own, and which carries over what they tell.</summary>
    public static Task<ProofHost> StartApartAsync(TemporaryFolder folder) =>
        StartAsync(folder, clock: null, static services => services.AddProofsApart().AddProofNewsForwarding());

    private static async Task<ProofHost> StartAsync(
        TemporaryFolder folder, ManualTimeProvider? clock, Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        var host = new ProofHost(
            folder, clock ?? new ManualTimeProvider(), settings.ToDictionary(static s => s.Name, static s => (string?)s.Value, StringComparer.Ordinal), configure);
        foreach (var service in host._services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        return host;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<ProofJob> SubmitAsync(string content, TenantId? tenant = null, ProofPriority priority = ProofPriority.Normal, string? flow = null)
    {
        var job = await Get<SubmitProof>().RunAsync(tenant ?? Ann, new ProofRequest(System.Text.Encoding.UTF8.GetBytes(content), priority, flow), default);
        Assert.True(job.IsSuccess, job.Error?.Message);
        return job.Value;
    }

    public async Task<ProofJob> ReadAsync(string jobId, TenantId? tenant = null) => (await Get<ReadProof>().FindAsync(tenant ?? Ann, jobId, default))!;

    public Task<ProofJob?> StartJobAsync(ProofJob job, string holder = "one") => Get<HoldProof>().StartAsync(Ann, job.Id, holder, default);

    public Task<bool> FinishAsync(ProofJob job, string? proof, string holder = "one")
    {
        var failure = proof is null ? new ProofFailure(ProofFailureKind.BadInput, "bad") : null;
        var outcome = new ProofOutcome(System.Text.Encoding.UTF8.GetBytes(proof ?? ""), failure, 6, TimeSpan.FromSeconds(2));
        return Get<FinishProof>().RunAsync(Ann, job with { Holder = holder }, outcome, default);
    }

    /// <summary>Looks at every tenant's jobs as a host does.</summary>
    public async Task LookAsync()
    {
        foreach (var marker in await Get<FindProofWork>().MarkersAsync(default))
        {
            await Get<FindProofWork>().LookAsync(marker, 100, default);
        }
    }

    public async Task<IReadOnlyList<string>> LineAsync(TenantId? tenant = null) =>
        [.. (await Get<FindProofWork>().NextAsync(tenant ?? Ann, 100, default)).Select(static job => job.Id)];

    /// <summary>All documents of a kind.</summary>
    public async Task<IReadOnlyList<StoredDocument>> DocumentsAsync(TenantId tenant, string kind) =>
        (await Get<IDocumentStore>().QueryAsync(tenant, new DocumentQuery(kind) { Limit = 1000 }, default)).Documents;

    /// <summary>The states of a job that were told, in order.</summary>
    public async Task<IReadOnlyList<string?>> ToldAsync(string jobId)
    {
        var told = await DocumentsAsync(Ann, OutboxPlace.Platform.Kind);
        return [.. told.Select(static document => document.As<OutboxRecord>().Value.Event).Where(news => news?.Subject == jobId)
            .Select(static news => (string?)JsonNode.Parse(news!.DataJson)!["status"])];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class HookedBlobs(FileBlobStore inner, ProofHost host) : IBlobStore
    {
        public Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken) =>
            inner.PutAsync(name, content, overwrite, cancellationToken);

        public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken) => inner.OpenReadAsync(name, cancellationToken);

        public async Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken)
        {
            if (host.BeforeNextDelete is { } hook)
            {
                host.BeforeNextDelete = null;
                await hook();
            }

            return await inner.DeleteAsync(name, cancellationToken);
        }

        public IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, CancellationToken cancellationToken) =>
            inner.ListAsync(tenant, container, cancellationToken);
    }
}
