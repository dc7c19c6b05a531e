using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>Carries what jobs tell over into the platform's outbox, each record once.</summary>
/// <remarks>
/// Whoever makes proofs writes these records and is not trusted with more: only what a job may tell is taken (<see cref="ProofNewsRecord"/>), the rest is dropped. A mark in the batch that
/// takes a record over makes a repetition after a crash do nothing.
/// </remarks>
public sealed partial class ForwardProofNews(IDocumentStore store, IUnitOfWork unit, TimeProvider time, ILogger<ForwardProofNews> logger) : IProofNews
{
    private const string MarkKind = "proofNews";

    // Each record costs a mark and one or two writes.
    private const int RecordsAtOnce = 30;

    // More than a burst of jobs tells, and far less than the platform's outbox carries out meanwhile: whoever writes records without end must not keep it from the others.
    private const int PagesAtOnce = 20;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<TenantId, DateTimeOffset> _resting = new();
    private readonly Lock _gate = new();
    private (long Minute, int Pages) _taken;

    // Far longer than anybody may still hold a record that he read before it was deleted.
    private static readonly TimeSpan MarkKeptFor = TimeSpan.FromDays(1);

    /// <summary>How much is taken of all tenants in a minute by this process: their requests share the platform's documents with what is written here.</summary>
    internal int PagesAMinute { get; init; } = 200;

    private long Minute => time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;

    /// <summary>Carries over what the tenant's jobs have to tell, or as much of it as is taken at once; <see cref="SweepProofNews"/> finds the rest.</summary>
    public Task TellAsync(TenantId tenant, CancellationToken cancellationToken) => CarryAsync(tenant, cancellationToken);

    /// <summary>The same.</summary>
    /// <returns>Whether that was all.</returns>
    public async Task<bool> CarryAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_resting.TryGetValue(tenant, out var until) && time.GetUtcNow() < until)
        {
            return false;
        }

        for (var page = 0; page < PagesAtOnce; page++)
        {
            if (IsFull())
            {
                return false;
            }

            if (!await CarryPageAsync(tenant, cancellationToken))
            {
                return true;
            }
        }

        LetRest(tenant, time.GetUtcNow());
        return false;
    }

    private bool IsFull()
    {
        lock (_gate)
        {
            return _taken.Minute == Minute && _taken.Pages >= PagesAMinute;
        }
    }

    private void CountPage()
    {
        lock (_gate)
        {
            _taken = _taken.Minute == Minute ? _taken with { Pages = _taken.Pages + 1 } : (Minute, 1);
        }
    }

    private void LetRest(TenantId tenant, DateTimeOffset now)
    {
        foreach (var (rested, until) in _resting)
        {
            if (until <= now)
            {
                _resting.TryRemove(rested, out _);
            }
        }

        _resting[tenant] = now + Rest;
    }

    /// <returns>Whether there was anything.</returns>
    private async Task<bool> CarryPageAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var page = await store.QueryAsync(tenant, new DocumentQuery(ProofArea.Outbox.Kind) { Limit = RecordsAtOnce }, cancellationToken);
        if (page.Documents.Count == 0)
        {
            return false;
        }

        CountPage();
        var records = page.Documents.Select(static document => (document.Key.Id, News: ProofNewsRecord.Read(document.Json))).ToList();
        if (records.Count(static record => record.News is null) is > 0 and var dropped)
        {
            LogDropped(logger, dropped, tenant);
        }

        // That it is worth a look a flow is told once.
        var news = records.Where(static record => record.News is not null).DistinctBy(static record => record.News!.FlowEvent?.FlowId ?? record.Id).ToList();
        if (news.Count > 0 && !await TakeAsync(tenant, news, cancellationToken))
        {
            foreach (var record in news)
            {
                await TakeAsync(tenant, [record], cancellationToken);
            }
        }

        await store.CommitAsync(tenant, [.. records.Select(static record => new DocumentWrite.Delete(ProofArea.Outbox.Key(record.Id)))], cancellationToken);
        return true;
    }

    /// <returns>Whether all of them were taken; false when one was taken before.</returns>
    private async Task<bool> TakeAsync(TenantId tenant, IReadOnlyList<(string Id, OutboxRecord? News)> records, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        foreach (var (id, news) in records)
        {
            batch.Put(new DocumentKey(MarkKind, id), new Mark(), Precondition.Absent, [], time.GetUtcNow() + MarkKeptFor).Add(news!);
        }

        return (await unit.CommitAsync(tenant, batch, cancellationToken)).Committed;
    }

    // Not by their ids: whoever wrote them chose those too.
    [LoggerMessage(2401, LogLevel.Error, "{Count} records of proof jobs of {Tenant} ask for what no job may tell; they were dropped.")]
    private static partial void LogDropped(ILogger logger, int count, TenantId tenant);

    private sealed record Mark;
}
