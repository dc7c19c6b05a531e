using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Operations;

/// <summary>Records the progress of an operation and tells of it. Every call is idempotent: a repeated stage keeps its first start.</summary>
public sealed class TrackOperation(IDocumentStore store, IUnitOfWork unit, TimeProvider time)
{
    /// <summary>A stage begins, unless it ended already.</summary>
    public Task BeginAsync(TenantId tenant, string id, string stage, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, operation => Change(operation, stage, current => current.Status is StageStatus.Pending
            ? current with { Status = StageStatus.Running, StartedAt = time.GetUtcNow() }
            : current), cancellationToken);

    /// <summary>A stage ended well or was not needed.</summary>
    public Task EndAsync(TenantId tenant, string id, string stage, StageStatus status, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, operation => Change(operation, stage, current => current.FinishedAt is null
            ? current with { Status = status, FinishedAt = time.GetUtcNow() }
            : current), cancellationToken);

    /// <summary>The operation ended well.</summary>
    public Task SucceedAsync(TenantId tenant, string id, IReadOnlyDictionary<string, string> result, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, operation => operation with { Status = OperationStatus.Succeeded, Result = result }, cancellationToken);

    /// <summary>The operation failed, in the stage that ran.</summary>
    public Task FailAsync(TenantId tenant, string id, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, operation => operation with
        {
            Status = OperationStatus.Failed,
            Error = reason,
            Stages = [.. operation.Stages.Select(stage => stage.Status is StageStatus.Running
                ? stage with { Status = StageStatus.Failed, FinishedAt = time.GetUtcNow(), Error = reason }
                : stage)],
        }, cancellationToken);

    private static Operation Change(Operation operation, string stage, Func<OperationStage, OperationStage> change) =>
        operation with { Stages = [.. operation.Stages.Select(current => current.Name == stage ? change(current) : current)] };

    private async Task ChangeAsync(TenantId tenant, string id, Func<Operation, Operation> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.ReadAsync<Operation>(tenant, Operation.Key(id), cancellationToken)
                ?? throw new InvalidOperationException($"The operation {id} is not stored.");
            var changed = stored.Value.Status is OperationStatus.Running ? change(stored.Value) : stored.Value;
            if (DocumentJson.Serialize(changed).AsSpan().SequenceEqual(DocumentJson.Serialize(stored.Value)))
            {
                return;
            }

            var batch = new Batch()
                .Put(Operation.Key(id), changed, Precondition.Match(stored.ETag), OperationDocuments.Indexes(changed))
                .Publish(EventTypes.BotStatus, changed.BotId, OperationProgress.From(changed));
            if ((await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
            {
                return;
            }
        }
    }
}

/// <summary>What an event tells of an operation. The bot's own <c>status</c> is not here: readers of <c>bot_status</c> must not take one for the other.</summary>
/// <param name="BotId">The bot.</param>
/// <param name="Operation">The operation.</param>
internal sealed record OperationProgress(string BotId, OperationState Operation)
{
    public static OperationProgress From(Operation operation)
    {
        var stage = operation.Stages.LastOrDefault(static stage => stage.Status is not StageStatus.Pending);
        return new OperationProgress(
            operation.BotId, new OperationState(operation.Id, operation.Type, operation.Status, stage?.Name, stage?.Status, operation.Error));
    }
}

/// <summary>How an operation stands.</summary>
/// <param name="Id">The operation.</param>
/// <param name="Type">Its type.</param>
/// <param name="Status">Its status.</param>
/// <param name="Stage">The stage that began or ended last; null before the first.</param>
/// <param name="StageStatus">That stage's status.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record OperationState(string Id, string Type, OperationStatus Status, string? Stage, StageStatus? StageStatus, string? Error);

/// <summary>How operations are indexed.</summary>
internal static class OperationDocuments
{
    public const string Running = "running";

    public static IReadOnlyList<IndexEntry> Indexes(Operation operation)
    {
        var byBot = new IndexEntry("bot", operation.BotId);
        return operation.Status is OperationStatus.Running ? [byBot, new IndexEntry(Running, Running)] : [byBot];
    }
}
