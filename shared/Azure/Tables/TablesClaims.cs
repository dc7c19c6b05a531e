using Azure.Data.Tables;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Tables;

/// <summary>Claims: a row each, in the partition of its key's hash. A claim whose time has come counts as gone everywhere, swept or not.</summary>
internal sealed class TablesClaims(TableRows rows, TimeProvider time)
{
    private const string Row = "claim";

    public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken) => Contention.RepeatAsync(async () =>
    {
        var found = await ReadAsync(key, cancellationToken);
        if (Live(found) is { } standing)
        {
            return new ClaimOutcome(standing, false);
        }

        return await rows.WriteAsync(ToRow(key, claim), found, cancellationToken) is { } etag ? new ClaimOutcome(new StoredClaim(claim, etag), true) : null;
    }, cancellationToken);

    public async Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken) => Live(await ReadAsync(key, cancellationToken));

    public async Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(key, cancellationToken);
        return Live(found)?.ETag == etag ? await rows.WriteAsync(ToRow(key, claim), found, cancellationToken) : null;
    }

    public async Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken) => await Contention.RepeatAsync(async () =>
    {
        var found = await ReadAsync(key, cancellationToken);
        if (Live(found) is not { } standing || (etag is not null && standing.ETag != etag))
        {
            return "no";
        }

        return await rows.DeleteAsync(found!, cancellationToken) ? "yes" : null;
    }, cancellationToken) == "yes";

    private Task<TableEntity?> ReadAsync(DirectoryKey key, CancellationToken cancellationToken) => rows.FindAsync(Partition(key), Row, cancellationToken);

    private StoredClaim? Live(TableEntity? row)
    {
        if (row is null)
        {
            return null;
        }

        var expires = row.GetInt64("ExpiresAt") is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        return expires is null || expires > time.GetUtcNow()
            ? new StoredClaim(new DirectoryClaim(new TenantId(row.GetString("Tenant")), row.GetString("Subject"), expires, LongText.Read(row, "Data")), row.ETag.ToString())
            : null;
    }

    private static TableEntity ToRow(DirectoryKey key, DirectoryClaim claim)
    {
        var row = new TableEntity(Partition(key), Row) { ["Tenant"] = claim.Tenant.Value, ["Subject"] = claim.Subject };
        if (claim.ExpiresAt is { } expires)
        {
            row["ExpiresAt"] = expires.UtcTicks;
        }

        LongText.Write(row, "Data", claim.Data);
        return row;
    }

    private static string Partition(DirectoryKey key) => TableRows.Partition("claim", key.Kind, key.Value);
}
