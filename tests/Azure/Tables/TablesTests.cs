using Azure.Data.Tables;
using MidnightOS.Azure.Tables;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Records;
using MidnightOS.Tests.Unit.Storage.Contracts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Tables;

/// <summary>The emulator of Azure Tables, Azurite.</summary>
public sealed class TableEmulator() : Emulator("table.js")
{
    private const string Account = "devstoreaccount1";
    private static readonly string Key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(64));

    /// <inheritdoc/>
    protected override Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal) { ["AZURITE_ACCOUNTS"] = $"{Account}:{Key}" };

    /// <summary>A store on a table that is made anew.</summary>
    internal async Task<StoreUnderTest<TStore>> CreateAsync<TStore>(string table, Func<TableServiceClient, TStore> make)
    {
        var service = Client(new TableClientOptions());
        await service.CreateTableAsync(table);
        return new StoreUnderTest<TStore>(make(service), async () => await service.DeleteTableAsync(table));
    }

    /// <summary>A client of its own.</summary>
    internal TableServiceClient Client(TableClientOptions options) => new(new Uri(Address, Account), new TableSharedKeyCredential(Account, Key), options);
}

/// <summary>The contract of directories on Azure Tables.</summary>
public sealed class TablesDirectoryTests(TableEmulator emulator) : DirectoryContract, IClassFixture<TableEmulator>
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IDirectory>> CreateAsync(ManualTimeProvider clock) =>
        emulator.CreateAsync<IDirectory>("directory", service => new TablesDirectory(service, "directory", clock));

    [Theory]
    [InlineData(0)]
    [InlineData(32_768)]
    [InlineData(100_001)]
    public async Task Claim_WithLongData_ComesBackWhole(int length)
    {
        var store = await emulator.CreateAsync("directory2", service => new TableRows(service, "directory2"));
        var claims = new TablesClaims(store.Store, TimeProvider.System);
        var claim = new DirectoryClaim(new TenantId("ten_01JZZZZZZZZZZZZZZZZZZZZZZA"), "s", null, string.Concat(Enumerable.Range(0, length).Select(static i => (char)('a' + (i % 26)))));
        await claims.ClaimAsync(new DirectoryKey("k", "v"), claim, default);
        Assert.Equal(claim, (await claims.FindAsync(new DirectoryKey("k", "v"), default))!.Claim);
        await store.Destroy();
    }
}

/// <summary>The contract of counter stores on Azure Tables.</summary>
public sealed class TablesCounterStoreTests(TableEmulator emulator) : CounterStoreContract, IClassFixture<TableEmulator>
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<ICounterStore>> CreateAsync(ManualTimeProvider clock) =>
        emulator.CreateAsync<ICounterStore>("counters", service => new TablesCounterStore(service, clock));
}

/// <summary>The contract of lease stores on Azure Tables.</summary>
public sealed class TablesLeaseStoreTests(TableEmulator emulator) : LeaseStoreContract, IClassFixture<TableEmulator>
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<ILeaseStore>> CreateAsync(ManualTimeProvider clock) =>
        emulator.CreateAsync<ILeaseStore>("leases", service => new TablesLeaseStore(service, "leases", clock));
}

/// <summary>The contract of record stores on Azure Tables.</summary>
public sealed class TablesRecordStoreTests(TableEmulator emulator) : RecordStoreContract, IClassFixture<TableEmulator>
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IRecordStore>> CreateAsync(ManualTimeProvider clock) =>
        emulator.CreateAsync<IRecordStore>("idempotency", service => new TablesRecordStore(service, clock));
}
