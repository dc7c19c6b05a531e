using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Operations;

/// <summary>A long-running operation as its caller watches it. Its id is also the id of the flow that carries it out.</summary>
public sealed record Operation
{
    internal const string Kind = "operation";

    /// <summary><c>op_…</c></summary>
    public required string Id { get; init; }

    /// <summary><c>bot.create</c> or <c>bot.delete</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The bot that it is about.</summary>
    public required string BotId { get; init; }

    /// <summary>Whether it runs or how it ended.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>Its stages in order, those to come among them.</summary>
    public required IReadOnlyList<OperationStage> Stages { get; init; }

    /// <summary>Ids that it made: <c>botId</c>, <c>walletAddress</c>, <c>transactionIds</c>; null while it runs.</summary>
    public IReadOnlyDictionary<string, string>? Result { get; init; }

    /// <summary>Why it failed, as a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Finds a tenant's operations that have not ended.</summary>
    public static DocumentQuery NotEnded { get; } = new(Kind, OperationDocuments.Running, OperationDocuments.Running) { Limit = 100 };

    /// <summary>Where an operation is stored.</summary>
    public static DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>A stage of an operation.</summary>
/// <param name="Name">Its name, camelCase.</param>
/// <param name="Status">How it stands.</param>
/// <param name="StartedAt">When its first attempt began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Error">Why it failed, as a sentence.</param>
public sealed record OperationStage(
    string Name, StageStatus Status = StageStatus.Pending, DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null, string? Error = null);

/// <summary>The states of an operation.</summary>
public enum OperationStatus
{
    /// <summary>Under way.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Given up; what it had made was taken back.</summary>
    Failed,
}

/// <summary>The states of a stage.</summary>
public enum StageStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Not needed.</summary>
    Skipped,
}
