using System.Text;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>Reports the boundaries of the outbox's dispatch: before and after each word to a flow.</summary>
internal sealed class CrashingFlowClient(IFlowClient inner, CrashPoints points) : IFlowClient
{
    public async Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken)
    {
        points.Cross($"{flow}: start not dispatched");
        var started = await inner.StartAsync(flow, id, inputJson, cancellationToken);
        points.Cross($"{flow}: start dispatched");
        return started;
    }

    public async Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
    {
        var flow = (await inner.FindAsync(id, cancellationToken))?.Flow;
        points.Cross($"{flow}: {name} {payloadJson} not dispatched");
        await inner.RaiseAsync(id, eventId, name, payloadJson, cancellationToken);
        points.Cross($"{flow}: {name} {payloadJson} dispatched");
    }

    public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);
}

/// <summary>Reports commits.</summary>
internal sealed class CrashingDocumentStore(IDocumentStore inner, CrashPoints points) : IDocumentStore
{
    public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) =>
        inner.GetAsync(tenant, key, cancellationToken);

    public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken) =>
        inner.QueryAsync(tenant, query, cancellationToken);

    public async Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        var result = await inner.CommitAsync(tenant, writes, cancellationToken);
        if (result.Committed)
        {
            points.CrossCommit(string.Join('+', writes.Select(NameOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
        }

        return result;
    }

    // The record of a request with an idempotency key is written when the work begins and again with its answer.
    private static string NameOf(DocumentWrite write) =>
        write is DocumentWrite.Put { Key.Kind: "idempotency" } put && Encoding.UTF8.GetString(put.Json.Span).Contains("\"answer\":", StringComparison.Ordinal)
            ? "answer"
            : write is DocumentWrite.Delete ? $"-{write.Key.Kind}" : write.Key.Kind;
}

/// <summary>The system's clock, ahead by a constant: for it the leases of processes that died have run out.</summary>
internal sealed class ClockAhead(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
