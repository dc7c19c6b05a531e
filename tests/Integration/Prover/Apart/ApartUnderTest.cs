using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Proofs.OneTimeKeys;
using MidnightOS.Midnight;
using MidnightOS.Prover;
using MidnightOS.Prover.Hosting;
using MidnightOS.Prover.Proving;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover.Apart;

/// <summary>Two apps as the azure edition composes them, over three stores: the platform's, that of proofs, and that of the claims of API keys. The prover has no right on the first and
/// may only read the last; what it tells waits until the test delivers it.</summary>
internal sealed class ApartUnderTest : IAsyncDisposable
{
    private readonly List<TemporaryFolder> _folders = [];
    private readonly List<IAsyncDisposable> _owned = [];

    public MessagesUnderTest Messages { get; } = new();

    /// <summary>Tenants that the prover told of.</summary>
    public ConcurrentQueue<TenantId> News { get; } = [];

    /// <summary>What flows were told: flow, event's name, payload.</summary>
    public ConcurrentQueue<(string Flow, string Name, string Payload)> Raised { get; } = [];

    /// <summary>The app that has a right on both sides.</summary>
    public IServiceProvider Flows { get; private set; } = null!;

    public IServiceProvider Prover { get; private set; } = null!;

    /// <summary>Speaks with the prover's routes.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static async Task<ApartUnderTest> StartAsync(IProver prover)
    {
        var apart = new ApartUnderTest();
        var (platform, proofs, keys) = (await apart.StoreAsync(), await apart.StoreAsync(), await apart.StoreAsync());
        apart.Flows = await apart.AppAsync(services => apart.AddFlows(services, platform, proofs, keys));
        apart.Client = new HttpClient { BaseAddress = await apart.ListenAsync(services => apart.AddProver(services, prover, proofs, keys)) };
        return apart;
    }

    /// <summary>Delivers everything that the prover told of until now.</summary>
    public async Task DeliverNewsAsync()
    {
        while (News.TryDequeue(out var tenant))
        {
            await Flows.GetRequiredService<ForwardProofNews>().TellAsync(tenant, default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        for (var index = _owned.Count - 1; index >= 0; index--)
        {
            await _owned[index].DisposeAsync();
        }

        _folders.ForEach(static folder => folder.Dispose());
    }

    private void AddFlows(IServiceCollection services, IServiceProvider platform, IServiceProvider proofs, IServiceProvider keys)
    {
        services.AddCore().AddDueQueueDepths().AddOneTimeProofKeys().AddProofsApart().AddProofNewsForwarding();
        services.AddSingleton<IDocumentStore>(new DividedDocumentStore(platform.GetRequiredService<IDocumentStore>(), proofs.GetRequiredService<IDocumentStore>()));
        services.AddSingleton<IDirectory>(
            new DividedDirectory(platform.GetRequiredService<IDirectory>(), proofs.GetRequiredService<IDirectory>(), keys.GetRequiredService<IDirectory>()));
        services.AddSingleton(proofs.GetRequiredService<IBlobStore>()).AddSingleton(platform.GetRequiredService<ILeaseStore>());
        services.AddSingleton(platform.GetRequiredService<ICounterStore>());
        services.AddSingleton<IProofCourier>(Messages).AddSingleton<IFlowClient>(new RecordedFlows(this));
    }

    private void AddProver(IServiceCollection services, IProver prover, IServiceProvider proofs, IServiceProvider keys)
    {
        var configuration = new ConfigurationBuilder().Build();
        services.AddSingleton(prover).AddProofCore().AddMidnightNode(configuration).AddProver(configuration).TakeProofsFromMessages().AddProverPipeline();
        services.AddSingleton<IDocumentStore>(new DividedDocumentStore(null, proofs.GetRequiredService<IDocumentStore>()));
        services.AddSingleton<IDirectory>(new DividedDirectory(null, proofs.GetRequiredService<IDirectory>(), new ReadOnlyClaims(keys.GetRequiredService<IDirectory>())));
        services.AddSingleton(proofs.GetRequiredService<IBlobStore>()).AddSingleton(proofs.GetRequiredService<ILeaseStore>());
        services.AddSingleton<IProofCourier>(Messages).AddSingleton<IProofNews>(new RecordedNews(this));
    }

    private async Task<IServiceProvider> StoreAsync()
    {
        var folder = new TemporaryFolder();
        _folders.Add(folder);
        return await AppAsync(services => services.AddStorage(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = folder.Path }).Build()));
    }

    private async Task<IServiceProvider> AppAsync(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        _owned.Add(new StoppedHost(host));
        return host.Services;
    }

    /// <summary>The prover's app on a listener; its one step is the pipeline, as a function's is.</summary>
    private async Task<Uri> ListenAsync(Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        configure(builder.Services);
        builder.Host.UseDefaultServiceProvider(static provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<ProverPipeline>().RunAsync);
        await app.StartAsync();
        _owned.Add(app);
        Prover = app.Services;
        return new Uri(app.Urls.Single());
    }

    private sealed class StoppedHost(IHost host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private sealed class RecordedNews(ApartUnderTest apart) : IProofNews
    {
        public Task TellAsync(TenantId tenant, CancellationToken cancellationToken)
        {
            apart.News.Enqueue(tenant);
            return Task.CompletedTask;
        }
    }

    private sealed class RecordedFlows(ApartUnderTest apart) : IFlowClient
    {
        public Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken) => throw new InvalidOperationException($"{flow} was started.");

        public Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
        {
            apart.Raised.Enqueue((id, name, payloadJson));
            return Task.CompletedTask;
        }

        public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<FlowState?>(null);
    }
}
