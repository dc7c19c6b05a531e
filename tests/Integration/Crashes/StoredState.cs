using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Storage;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>What lies in a data folder: the flows, and what is a tenant's.</summary>
internal sealed class StoredState : IAsyncDisposable
{
    private readonly string _folder;
    private readonly TenantId _tenant;
    private readonly ServiceProvider _services;

    /// <param name="folder">The data folder.</param>
    /// <param name="session">A session of the tenant; null when only flows are asked for.</param>
    public StoredState(string folder, JsonNode? session = null)
    {
        (_folder, _tenant) = (folder, session is null ? default : new TenantId((string)session["tenant"]!["id"]!));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = folder })
            .Build();
        _services = new ServiceCollection().AddLogging().AddStorage(configuration).BuildServiceProvider();
    }

    /// <summary>The sealed seeds of the tenant.</summary>
    public IReadOnlyList<string> Seeds => BlobsOf("wallets");

    /// <summary>The names of the tenant's blobs in a container.</summary>
    public IReadOnlyList<string> BlobsOf(string container)
    {
        var folder = Path.Combine(_folder, "blobs", _tenant.Value, container);
        return System.IO.Directory.Exists(folder) ? [.. System.IO.Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)!)] : [];
    }

    public Task<FlowState?> FlowAsync(string id) => _services.GetRequiredService<IFlowJournal>().FindAsync(id, CancellationToken.None);

    /// <summary>Every document of a kind, in order.</summary>
    public async Task<IReadOnlyList<JsonNode>> AllAsync(string kind)
    {
        List<JsonNode> found = [];
        await foreach (var document in _services.GetRequiredService<IDocumentStore>().ReadAllAsync<JsonNode>(_tenant, new DocumentQuery(kind), CancellationToken.None))
        {
            found.Add(document.Value);
        }

        return found;
    }

    /// <summary>The events about a subject, in order.</summary>
    public async Task<IReadOnlyList<JsonNode>> EventsAsync(string subject) =>
        [.. (await AllAsync("event")).Where(told => (string?)told["subject"] == subject).Select(static told => told["data"]!)];

    /// <summary>Nothing is left to be done: the flows ended, the outbox is empty, no amount is reserved, no coin held, and the stream has no gap.</summary>
    public async Task AssertSettledAsync(params IEnumerable<string> flows)
    {
        foreach (var id in flows)
        {
            Assert.Equal(FlowStatus.Completed, (await FlowAsync(id))?.Status);
        }

        Assert.Empty(await AllAsync("outbox"));
        Assert.All(await AllAsync("coin"), static coin => Assert.Null(coin["lockedBy"]));
        Assert.All(await AllAsync("book"), static book => Assert.All(book["holdings"]!.AsObject(), static holding => Assert.Equal("0", (string?)holding.Value!["reserved"])));
        var numbers = (await AllAsync("event")).Select(static told => long.Parse(((string)told["id"]!)["evt_".Length..]));
        Assert.Equal(Enumerable.Range(1, numbers.Count()).Select(static number => (long)number), numbers);
        Assert.Equal(numbers.Count(), (long)Assert.Single(await AllAsync("eventStream"))["last"]!);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
