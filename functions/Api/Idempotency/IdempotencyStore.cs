using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Records;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Idempotency;

/// <summary>The records of requests with idempotency keys, and who may work on one.</summary>
internal sealed class IdempotencyStore(IRecordStore records, TimeProvider time)
{
    private const string Kind = "idempotency";

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>After this a request that did not end is taken for dead, and the next one with its key does the work.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>How long a second request waits for the first.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Either the turn to do the work or the first answer.</summary>
    /// <returns><c>IDEMPOTENCY_MISMATCH</c> for another body, <c>CONFLICT</c> when the first request is still at work.</returns>
    public async Task<Result<IdempotencyTurn>> BeginAsync(TenantId tenant, string id, string requestHash, CancellationToken cancellationToken)
    {
        var giveUpAt = time.GetUtcNow() + Patience;
        while (true)
        {
            var stored = (await records.FindAsync(tenant, new DocumentKey(Kind, id), cancellationToken))?.As<IdempotencyRecord>();
            if (stored is not null && stored.Value.RequestHash != requestHash)
            {
                return new Error(ErrorCodes.IdempotencyMismatch, "This Idempotency-Key was used for another request.");
            }

            if (stored?.Value.Answer is not null)
            {
                return new IdempotencyTurn(tenant, id, stored.Value, stored.ETag);
            }

            if ((stored is null || stored.Value.LeaseUntil <= time.GetUtcNow())
                && await TakeAsync(tenant, id, requestHash, stored, cancellationToken) is { } turn)
            {
                return turn;
            }

            if (time.GetUtcNow() >= giveUpAt)
            {
                return new Error(ErrorCodes.Conflict, "The first request with this Idempotency-Key is still running.") { RetryAfter = TimeSpan.FromSeconds(5) };
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Remembers the answer. Nothing happens when another request took over meanwhile.</summary>
    public Task EndAsync(IdempotencyTurn turn, StoredAnswer answer, CancellationToken cancellationToken) =>
        PutAsync(turn.Tenant, turn.Id, turn.Record with { Answer = answer }, Precondition.Match(turn.ETag), cancellationToken);

    /// <summary>Gives the turn back without an answer: the next request does the work.</summary>
    public Task AbandonAsync(IdempotencyTurn turn, CancellationToken cancellationToken) =>
        PutAsync(turn.Tenant, turn.Id, turn.Record with { LeaseUntil = time.GetUtcNow() }, Precondition.Match(turn.ETag), cancellationToken);

    private async Task<IdempotencyTurn?> TakeAsync(
        TenantId tenant, string id, string requestHash, Stored<IdempotencyRecord>? stored, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var record = new IdempotencyRecord { RequestHash = requestHash, FirstSeen = stored?.Value.FirstSeen ?? now, LeaseUntil = now + Lease };
        var condition = stored is null ? Precondition.Absent : Precondition.Match(stored.ETag);
        var etag = await PutAsync(tenant, id, record, condition, cancellationToken);
        return etag is null ? null : new IdempotencyTurn(tenant, id, record, etag);
    }

    private Task<string?> PutAsync(TenantId tenant, string id, IdempotencyRecord record, Precondition condition, CancellationToken cancellationToken) =>
        records.PutAsync(tenant, new DocumentKey(Kind, id), DocumentJson.Serialize(record), condition, record.FirstSeen + Kept, cancellationToken);
}

/// <summary>A record in the hand of one request: with an answer to give again, or without one and the turn to make it.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Id">The record's id.</param>
/// <param name="Record">Its content.</param>
/// <param name="ETag">Its version.</param>
internal sealed record IdempotencyTurn(TenantId Tenant, string Id, IdempotencyRecord Record, string ETag);
