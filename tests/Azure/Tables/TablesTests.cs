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
        var service = new TableServiceClient(new Uri(Address, Account), new TableSharedKeyCredential(Account, Key));
        await service.CreateTableAsync(table);
        return new StoreUnderTest<TStore>(make(service), async () => await service.DeleteTableAsync(table));
    }
}

/// <summary>The contract of directories on Azure Tables.</summary>
public sealed class TablesDirectoryTests(TableEmulator emulator) : DirectoryContract, IClassFixture<TableEmulator>
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IDirectory>> CreateAsync(ManualTimeProvider clock) =>
        emulator.CreateAsync<IDirectory>("directory", service => new TablesDirectory(service, clock));

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
        emulator.CreateAsync<ILeaseStore>("leases", service => new TablesLeaseStore(service, clock));
}

/// <summary>The contract of record stores on Azure Tables.</summary>
public sealed class TablesRecordStoreTests(TableEmulator emulator) : RecordStoreContract, IClassFixture<TableEmulator>
{
    /// <inheritdoc/>
    protected override Task<StoreUnderTest<IRecordStore>> CreateAsync(ManualTimeProvider clock) =>
        emulator.CreateAsync<IRecordStore>("idempotency", service => new TablesRecordStore(service, clock));
}

/// <summary>The sweep of Azure Tables.</summary>
public sealed class SweepTablesTests(TableEmulator emulator) : IClassFixture<TableEmulator>
{
    private static readonly TenantId Tenant = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    [Fact]
    public async Task RunAsync_RowsWhoseTimeHasPassed_AreDeletedAndNoOther()
    {
        var clock = new ManualTimeProvider();
        var made = new List<StoreUnderTest<TableServiceClient>>();
        foreach (var table in new[] { "directory", "counters", "leases", "idempotency" })
        {
            made.Add(await emulator.CreateAsync(table, static service => service));
        }

        var service = made[0].Store;
        var (soon, later) = (clock.GetUtcNow().AddMinutes(1), clock.GetUtcNow().AddHours(2));
        var directory = new TablesDirectory(service, clock);
        await directory.ClaimAsync(new DirectoryKey("k", "short"), new DirectoryClaim(Tenant, "s", soon), default);
        await directory.ClaimAsync(new DirectoryKey("k", "long"), new DirectoryClaim(Tenant, "s", later), default);
        await directory.ClaimAsync(new DirectoryKey("k", "ever"), new DirectoryClaim(Tenant, "s"), default);
        await directory.MarkDueAsync("q", Tenant, "s", soon, default);
        await new TablesCounterStore(service, clock).AddAsync("c", 1, soon, default);
        await new TablesLeaseStore(service, clock).TryAcquireAsync("l", TimeSpan.FromMinutes(1), default);
        await new TablesRecordStore(service, clock).PutAsync(Tenant, new("k", "r"), new byte[1_500_000], MidnightOS.Core.Documents.Precondition.Absent, soon, default);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await new SweepTables(service, clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<SweepTables>.Instance).RunAsync(TimeSpan.FromMinutes(1), default));
        Assert.Equal<IEnumerable<int>>(new[] { 4, 0, 0, 0 }, await Task.WhenAll(made.Zip(["directory", "counters", "leases", "idempotency"], static (one, table) => CountAsync(one.Store, table))));
        Assert.NotNull(await directory.FindAsync(new DirectoryKey("k", "long"), default));
        Assert.NotNull(await directory.FindAsync(new DirectoryKey("k", "ever"), default));
        foreach (var store in made)
        {
            await store.Destroy();
        }
    }

    private static async Task<int> CountAsync(TableServiceClient service, string table)
    {
        var count = 0;
        await foreach (var row in service.GetTableClient(table).QueryAsync<TableEntity>())
        {
            count += row.PartitionKey.Length > 0 ? 1 : 0;
        }

        return count;
    }
}
