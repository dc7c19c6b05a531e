using MidnightOS.Core.Documents;
using MidnightOS.Tests.Unit.Storage.Contracts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>The contract of document stores on SQLite.</summary>
public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IDocumentStore>> CreateAsync(ManualTimeProvider clock) => SqliteStore.CreateAsync<IDocumentStore>(clock);
}

internal static class SqliteStore
{
    public static Task<StoreUnderTest<TStore>> CreateAsync<TStore>(ManualTimeProvider clock)
        where TStore : notnull
    {
        var folder = new TemporaryFolder();
        var host = new StorageHost(folder.Path, clock);
        return Task.FromResult(new StoreUnderTest<TStore>(host.Get<TStore>(), async () =>
        {
            await host.DisposeAsync();
            folder.Dispose();
        }));
    }
}
