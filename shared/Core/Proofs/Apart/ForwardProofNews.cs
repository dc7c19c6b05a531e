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

    // Far longer than anybody may still hold a record that he read before it was deleted.
    private static readonly TimeSpan MarkKeptFor = TimeSpan.FromDays(1);

    /// <summary>Carries over until the tenant's jobs have no more to tell.</summary>
    public async Task TellAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await store.QueryAsync(tenant, new DocumentQuery(ProofArea.Outbox.Kind) { Limit = RecordsAtOnce }, cancellationToken);
            if (page.Documents.Count == 0)
            {
                return;
            }

            var records = page.Documents.Select(document => (document.Key.Id, News: Read(tenant, document))).ToList();
            var news = records.Where(static record => record.News is not null).ToList();
            if (news.Count > 0 && !await TakeAsync(tenant, news, cancellationToken))
            {
                foreach (var record in news)
                {
                    await TakeAsync(tenant, [record], cancellationToken);
                }
            }

            await store.CommitAsync(tenant, [.. records.Select(static record => new DocumentWrite.Delete(ProofArea.Outbox.Key(record.Id)))], cancellationToken);
        }
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

    private OutboxRecord? Read(TenantId tenant, StoredDocument document)
    {
        var news = ProofNewsRecord.Read(document.Json);
        if (news is null)
        {
            LogDropped(logger, document.Key.Id, tenant);
        }

        return news;
    }

    [LoggerMessage(2401, LogLevel.Error, "The record {Record} of proof jobs of {Tenant} asks for what no job may tell; it was dropped.")]
    private static partial void LogDropped(ILogger logger, string record, TenantId tenant);

    private sealed record Mark;
}
