using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using MidnightOS.Azure.Tables;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Tables;

/// <summary>The sweep of Azure Tables.</summary>
public sealed class SweepTablesTests(TableEmulator emulator) : IClassFixture<TableEmulator>, IAsyncLifetime
{
    private static readonly TenantId Tenant = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly string[] Tables = ["directory", "counters", "leases", "idempotency"];

    private readonly ManualTimeProvider _clock = new();
    private TableServiceClient _service = null!;

    public async Task InitializeAsync()
    {
        _service = emulator.Client(new TableClientOptions());
        foreach (var table in Tables)
        {
            await _service.CreateTableAsync(table);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var table in Tables)
        {
            await _service.DeleteTableAsync(table);
        }
    }

    [Fact]
    public async Task RunAsync_RowsWhoseTimeHasPassed_AreDeletedAndNoOther()
    {
        var (soon, later) = (_clock.GetUtcNow().AddMinutes(1), _clock.GetUtcNow().AddHours(2));
        var directory = new TablesDirectory(_service, "directory", _clock);
        await directory.ClaimAsync(new DirectoryKey("k", "short"), new DirectoryClaim(Tenant, "s", soon), default);
        await directory.ClaimAsync(new DirectoryKey("k", "long"), new DirectoryClaim(Tenant, "s", later), default);
        await directory.ClaimAsync(new DirectoryKey("k", "ever"), new DirectoryClaim(Tenant, "s"), default);
        await directory.MarkDueAsync("q", Tenant, "s", soon, default);
        await new TablesCounterStore(_service, _clock).AddAsync("c", 1, soon, default);
        await new TablesLeaseStore(_service, "leases", _clock).TryAcquireAsync("l", TimeSpan.FromMinutes(1), default);
        await new TablesRecordStore(_service, _clock).PutAsync(Tenant, new("k", "r"), new byte[1_500_000], Precondition.Absent, soon, default);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.False(await Sweep(_service).RunAsync(TimeSpan.FromMinutes(1), default));

        Assert.Equal<IEnumerable<int>>([4, 0, 0, 0], await Task.WhenAll(Tables.Select(CountAsync)));
        Assert.NotNull(await directory.FindAsync(new DirectoryKey("k", "long"), default));
        Assert.NotNull(await directory.FindAsync(new DirectoryKey("k", "ever"), default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task RunAsync_RowsThatStay_AreTriedOnceAndPassed(int perPage)
    {
        await ExpireCountersAsync(5);
        var deletes = new Deletes { Refused = 2 };

        Assert.False(await Sweep(Client(deletes), perPage).RunAsync(TimeSpan.FromMinutes(1), default));

        Assert.Equal((2, 5, 5), (await CountAsync("counters"), deletes.Rows.Count, deletes.Rows.Distinct(StringComparer.Ordinal).Count()));
    }

    [Fact]
    public async Task RunAsync_OutOfTime_LeavesItsPlaceToTheNextRun()
    {
        await ExpireCountersAsync(3);
        await new TablesLeaseStore(_service, "leases", _clock).TryAcquireAsync("l", TimeSpan.FromTicks(1), default);
        _clock.Advance(TimeSpan.FromHours(1));
        var deletes = new Deletes { Refused = 1, Done = () => _clock.Advance(TimeSpan.FromMinutes(2)) };
        var sweep = Sweep(Client(deletes), perPage: 1);

        foreach (var left in new[] { 3, 2, 1 })
        {
            Assert.True(await sweep.RunAsync(TimeSpan.FromMinutes(1), default));
            Assert.Equal((left, 1), (await CountAsync("counters"), await CountAsync("leases")));
        }

        while (await sweep.RunAsync(TimeSpan.FromMinutes(1), default))
        {
            Assert.InRange(deletes.Rows.Count, 3, 4);
        }

        Assert.Equal((1, 0, 4), (await CountAsync("counters"), await CountAsync("leases"), deletes.Rows.Count));
    }

    private SweepTables Sweep(TableServiceClient service, int perPage = 1000) => new(service, _clock, NullLogger<SweepTables>.Instance) { PerPage = perPage };

    private TableServiceClient Client(Deletes deletes)
    {
        var options = new TableClientOptions();
        options.AddPolicy(deletes, HttpPipelinePosition.PerCall);
        return emulator.Client(options);
    }

    private async Task ExpireCountersAsync(int count)
    {
        var counters = new TablesCounterStore(_service, _clock);
        for (var i = 0; i < count; i++)
        {
            await counters.AddAsync($"c{i}", 1, _clock.GetUtcNow().AddMinutes(1), default);
        }

        _clock.Advance(TimeSpan.FromHours(1));
    }

    private async Task<int> CountAsync(string table)
    {
        var count = 0;
        await foreach (var row in _service.GetTableClient(table).QueryAsync<TableEntity>())
        {
            count += row.PartitionKey.Length > 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Sees the rows that are to be deleted, and has the first ones stay, as rows that changed meanwhile do.</summary>
    private sealed class Deletes : HttpPipelineSynchronousPolicy
    {
        public List<string> Rows { get; } = [];

        public int Refused { get; init; }

        public Action Done { get; init; } = static () => { };

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Method != RequestMethod.Delete)
            {
                return;
            }

            lock (Rows)
            {
                Rows.Add(message.Request.Uri.ToString());
                Assert.True(Rows.Count < 100, "The same rows are deleted again and again.");
                if (Rows.Count <= Refused)
                {
                    message.Request.Headers.SetValue("If-Match", "W/\"datetime'2000-01-01T00%3A00%3A00.0000000Z'\"");
                }

                Done();
            }
        }
    }
}
