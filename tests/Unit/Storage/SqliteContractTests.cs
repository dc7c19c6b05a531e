using MidnightOS.Core.Blobs;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Records;
using MidnightOS.Tests.Unit.Storage.Contracts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>The contract of document stores on SQLite.</summary>
public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IDocumentStore>> CreateAsync(ManualTimeProvider clock) => SqliteStore.CreateAsync<IDocumentStore>(clock);
}

/// <summary>The contract of directories on SQLite.</summary>
public sealed class SqliteDirectoryTests : DirectoryContract
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IDirectory>> CreateAsync(ManualTimeProvider clock) => SqliteStore.CreateAsync<IDirectory>(clock);
}

/// <summary>The contract of counter stores on SQLite.</summary>
public sealed class SqliteCounterStoreTests : CounterStoreContract
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<ICounterStore>> CreateAsync(ManualTimeProvider clock) => SqliteStore.CreateAsync<ICounterStore>(clock);
}

/// <summary>The contract of lease stores on SQLite.</summary>
public sealed class SqliteLeaseStoreTests : LeaseStoreContract
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<ILeaseStore>> CreateAsync(ManualTimeProvider clock) => SqliteStore.CreateAsync<ILeaseStore>(clock);
}

/// <summary>The contract of record stores, among the documents.</summary>
public sealed class DocumentRecordStoreTests : RecordStoreContract
{
    /// <inheritdoc/>
    protected override async Task<StoreUnderTest<IRecordStore>> CreateAsync(ManualTimeProvider clock)
    {
        var documents = await SqliteStore.CreateAsync<IDocumentStore>(clock);
        return new StoreUnderTest<IRecordStore>(new DocumentRecordStore(documents.Store), documents.Destroy);
    }
}

/// <summary>The contract of blob stores on files.</summary>
public sealed class FileBlobStoreTests : BlobStoreContract
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IBlobStore>> CreateAsync(ManualTimeProvider clock) => SqliteStore.CreateAsync<IBlobStore>(clock);
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
