using System.Security.Cryptography;
using Azure.Data.Tables;
using MidnightOS.Core.Leases;

namespace MidnightOS.Azure.Tables;

/// <summary>Leases in a table. A lease that ran out is lost, also when nobody took it yet.</summary>
internal sealed class TablesLeaseStore(TableServiceClient service, string table, TimeProvider time) : ILeaseStore
{
    private const string Row = "lease";

    private readonly TableRows _rows = new(service, table);

    public async Task<Lease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        var found = await FindAsync(name, cancellationToken);
        if (found is not null && IsLive(found))
        {
            return null;
        }

        // Whoever was faster has it.
        var lease = new Lease(name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        return await _rows.WriteAsync(ToRow(lease, duration), found, cancellationToken) is null ? null : lease;
    }

    public async Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return await Contention.RepeatAsync(async () =>
        {
            var found = await FindAsync(lease.Name, cancellationToken);
            if (found?.GetString("Token") != lease.Token || !IsLive(found))
            {
                return "lost";
            }

            return await _rows.WriteAsync(ToRow(lease, duration), found, cancellationToken) is null ? null : "held";
        }, cancellationToken) == "held";
    }

    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return Contention.RepeatAsync(async () =>
        {
            var found = await FindAsync(lease.Name, cancellationToken);
            return found?.GetString("Token") != lease.Token || await _rows.DeleteAsync(found, cancellationToken) ? "done" : null;
        }, cancellationToken);
    }

    private Task<TableEntity?> FindAsync(string name, CancellationToken cancellationToken) => _rows.FindAsync(TableRows.Partition(name), Row, cancellationToken);

    private bool IsLive(TableEntity row) => row.GetInt64("ExpiresAt") > time.GetUtcNow().UtcTicks;

    private TableEntity ToRow(Lease lease, TimeSpan duration) => new(TableRows.Partition(lease.Name), Row)
    {
        ["Token"] = lease.Token,
        ["ExpiresAt"] = (time.GetUtcNow() + duration).UtcTicks,
    };
}
