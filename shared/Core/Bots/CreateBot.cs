using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Bots;

/// <summary>A bot to create.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="UserId">The user who asks.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Description">At most 1,000 characters.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Model">The language model; null = the platform's default.</param>
/// <param name="Config">Its configuration.</param>
public sealed record CreateBotRequest(TenantId Tenant, string UserId, string Name, string? Description, BotType Type, string? Model, BotConfig Config)
{
    /// <summary>The ids that the request gives, so that a repeated request finds what the first made; null = new ones.</summary>
    public (string BotId, string OperationId)? Ids { get; init; }
}

/// <summary>A bot and the operation on it.</summary>
/// <param name="Bot">The bot.</param>
/// <param name="Operation">The operation.</param>
public sealed record BotOperation(Bot Bot, Operation Operation);

/// <summary>Accepts a bot's creation: stores the bot as provisioning and its operation, and starts the flow.</summary>
public sealed class CreateBot(IDocumentStore store, IUnitOfWork unit, CheckBotFields fields, OpenWork openWork, IIdGenerator ids, TimeProvider time)
{
    /// <summary>The bot as accepted, or <c>INVALID_REQUEST</c> with the field at fault.</summary>
    public async Task<Result<BotOperation>> RunAsync(CreateBotRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (fields.Check(request.Name, request.Description, request.Model, request.Config) is { } error)
        {
            return error;
        }

        var (botId, operationId) = request.Ids ?? (ids.New(IdPrefix.Bot), ids.New(IdPrefix.Operation));
        var accepted = Accept(request, botId, operationId);
        var batch = new Batch()
            .Put(accepted.Bot, Precondition.Absent)
            .Put(Operation.Key(operationId), accepted.Operation, Precondition.Absent, OperationDocuments.Indexes(accepted.Operation))
            .StartFlow(BotFlowNames.Create, operationId, new BotRef(request.Tenant, botId, operationId));
        await openWork.MarkAsync(request.Tenant, cancellationToken);
        return (await unit.CommitAsync(request.Tenant, batch, cancellationToken)).Committed
            ? accepted
            : await AcceptedBeforeAsync(request.Tenant, botId, operationId, cancellationToken);
    }

    private BotOperation Accept(CreateBotRequest request, string botId, string operationId)
    {
        var now = time.GetUtcNow();
        var bot = new Bot
        {
            Id = botId,
            CreatedBy = request.UserId,
            Name = request.Name.Trim(),
            Description = request.Description,
            Type = request.Type,
            Status = BotStatus.Provisioning,
            Model = request.Model,
            Config = request.Config,
            OperationId = operationId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var operation = new Operation
        {
            Id = operationId,
            Type = BotFlowNames.Create.Name,
            BotId = botId,
            Status = OperationStatus.Running,
            Stages = [.. BotFlowNames.CreateStages.Select(static stage => new OperationStage(stage))],
            CreatedAt = now,
        };
        return new BotOperation(bot, operation);
    }

    private async Task<Result<BotOperation>> AcceptedBeforeAsync(TenantId tenant, string botId, string operationId, CancellationToken cancellationToken)
    {
        var bot = await store.FindBotAsync(tenant, botId, cancellationToken);
        var operation = await store.ReadAsync<Operation>(tenant, Operation.Key(operationId), cancellationToken);
        return bot is null || operation is null
            ? new Error(ErrorCodes.Conflict, "The bot was created by this request before and has been deleted since.")
            : new BotOperation(bot.Value, operation.Value);
    }
}
