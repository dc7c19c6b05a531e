using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Outbox;

/// <summary>Carries a tenant's outbox records out, in order: starts flows, raises flow events, and appends to the tenant's event stream.</summary>
/// <remarks>
/// Flow calls are idempotent by id, so a crash in the middle repeats them harmlessly. Events get their number here, in the batch that deletes their records
/// and moves the stream's counter on: each event is in the stream exactly once and a reader that has seen number n has seen all before it.
/// </remarks>
public sealed class DispatchOutbox(IDocumentStore store, IFlowClient flows, EventSignal signal, TimeProvider time)
{
    // Each record costs two operations of the batch, the stream's counter one.
    private const int RecordsPerBatch = (BatchLimits.Operations - 1) / 2;

    /// <summary>Dispatches until the tenant's outbox is empty.</summary>
    /// <returns>How many records were dispatched.</returns>
    public async Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var dispatched = 0;
        while (true)
        {
            var page = await store.QueryAsync(tenant, new DocumentQuery(OutboxPlace.Platform.Kind) { Limit = RecordsPerBatch }, cancellationToken);
            if (page.Documents.Count == 0)
            {
                return dispatched;
            }

            var records = page.Documents.Select(static document => document.As<OutboxRecord>()).ToList();
            foreach (var record in records)
            {
                await TellFlowsAsync(record.Value, cancellationToken);
            }

            if (await FinishAsync(tenant, records, cancellationToken))
            {
                dispatched += records.Count;
            }
        }
    }

    private async Task TellFlowsAsync(OutboxRecord record, CancellationToken cancellationToken)
    {
        using var activity = OutboxTelemetry.Start(record);
        if (record.FlowStart is { } start)
        {
            await flows.StartAsync(start.Flow, start.Id, start.InputJson, cancellationToken);
        }

        if (record.FlowEvent is { } raised)
        {
            await flows.RaiseAsync(raised.FlowId, record.Id, raised.Name, raised.PayloadJson, cancellationToken);
        }
    }

    private async Task<bool> FinishAsync(TenantId tenant, List<Stored<OutboxRecord>> records, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        var events = records.Select(static record => record.Value).Where(static record => record.Event is not null).ToList();
        if (events.Count > 0)
        {
            var counter = await store.ReadAsync<EventStream>(tenant, EventStream.Key, cancellationToken);
            var last = counter?.Value.Last ?? 0;
            foreach (var record in events)
            {
                var told = TenantEvent.From(++last, record);
                batch.Put(TenantEvent.KeyOf(told.Id), told, Precondition.Absent, [], time.GetUtcNow() + TenantEvent.KeptFor);
            }

            var condition = counter is null ? Precondition.Absent : Precondition.Match(counter.ETag);
            batch.Put(EventStream.Key, new EventStream(last), condition, []);
        }

        // A record that is gone was dispatched by another, who may have moved the counter on before it was read here.
        foreach (var record in records)
        {
            batch.Delete(OutboxPlace.Platform.Key(record.Value.Id), Precondition.Match(record.ETag));
        }

        var result = await store.CommitAsync(tenant, batch.Writes, cancellationToken);
        if (!result.Committed)
        {
            return false;
        }

        records.ForEach(record => OutboxTelemetry.Dispatched(record.Value, time.GetUtcNow()));
        if (events.Count > 0)
        {
            signal.Set(tenant);
        }

        return true;
    }
}
