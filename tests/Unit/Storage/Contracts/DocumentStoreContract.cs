using System.Text;
using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>What every document store does. A store's own test class derives from this and says how to make one.</summary>
public abstract partial class DocumentStoreContract : IAsyncLifetime
{
    private StoreUnderTest<IDocumentStore>? _made;

    /// <summary>The tenant of most tests.</summary>
    protected static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");

    /// <summary>Another tenant of the same store.</summary>
    protected static readonly TenantId Other = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZB");

    /// <summary>The clock of the store.</summary>
    protected ManualTimeProvider Clock { get; } = new();

    /// <summary>The store; empty at the start of a test.</summary>
    protected IDocumentStore Store => _made!.Store;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _made = await CreateAsync(Clock);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _made!.Destroy();

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<StoreUnderTest<IDocumentStore>> CreateAsync(ManualTimeProvider clock);

    private static DocumentKey Key(string id, string kind = "bot") => new(kind, id);

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes($$"""{"text":{{JsonSerializer.Serialize(text)}}}""");

    private static DocumentWrite.Put Put(string id, string text = "a", Precondition condition = default, params IndexEntry[] indexes) =>
        new(Key(id), Json(text), indexes) { Condition = condition };

    private Task<CommitResult> CommitAsync(params DocumentWrite[] writes) => Store.CommitAsync(Tenant, writes, default);

    private async Task<string> PutAsync(string id, string text = "a", params IndexEntry[] indexes) =>
        (await CommitAsync(Put(id, text, default, indexes))).ETags[0]!;

    private Task<StoredDocument?> GetAsync(string id) => Store.GetAsync(Tenant, Key(id), default);

    private async Task<string?> TextAsync(string id) => await GetAsync(id) is { } document ? Text(document) : null;

    private static string Text(StoredDocument document) =>
        JsonDocument.Parse(document.Json).RootElement.GetProperty("text").GetString()!;

    private async Task<List<string>> IdsAsync(DocumentQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await Store.QueryAsync(Tenant, query, default);
            Assert.True(page.Documents.Count <= query.Limit);
            ids.AddRange(page.Documents.Select(document => document.Key.Id));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return ids;
    }
}
