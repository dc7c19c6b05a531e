using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Bots;

/// <summary>What names a bot and the operation on it, for flows and steps.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="BotId">The bot.</param>
/// <param name="OperationId">The operation; also the flow's id.</param>
public sealed record BotRef(TenantId Tenant, string BotId, string OperationId);

/// <summary>What became of a stage.</summary>
/// <param name="Error">Why it failed, as a sentence; null when it went well.</param>
public sealed record StageOutcome(string? Error)
{
    /// <summary>It went well.</summary>
    public static StageOutcome Ok { get; } = new((string?)null);
}

/// <summary>A failure to record and undo.</summary>
/// <param name="Bot">The bot and its operation.</param>
/// <param name="Reason">Why, as a sentence for the user.</param>
public sealed record BotFailure(BotRef Bot, string Reason);

/// <summary>A bot's deletion.</summary>
/// <param name="Bot">The bot and its operation.</param>
/// <param name="SweepTo">Where its funds go first; null when it has none.</param>
/// <param name="RequestedBy">The user.</param>
public sealed record BotDeletion(BotRef Bot, string? SweepTo, string RequestedBy);

/// <summary>A sweep that is under way.</summary>
/// <param name="TransactionId">The transfer to wait for; null when the wallet is empty.</param>
/// <param name="Error">Why none could be made; null when all is well.</param>
public sealed record SweepOutcome(string? TransactionId, string? Error);

/// <summary>The stable names of the bots' flows, their steps and stages.</summary>
public static class BotFlowNames
{
    /// <summary>The flow that creates a bot.</summary>
    public static readonly FlowName<BotRef, StageOutcome> Create = new("bot.create");

    /// <summary>The flow that deletes a bot.</summary>
    public static readonly FlowName<BotDeletion, StageOutcome> Delete = new("bot.delete");

    /// <summary>The flow that brings a deleted bot back.</summary>
    public static readonly FlowName<BotRestoration, StageOutcome> Restore = new("bot.restore");

    /// <summary>Resolves and stores the configuration.</summary>
    public static readonly StepName<BotRef, StageOutcome> SaveConfig = new("bot.save-config");

    /// <summary>Takes the tenant's quota and makes the agent's memory partition.</summary>
    public static readonly StepName<BotRef, StageOutcome> RegisterAgent = new("bot.register-agent");

    /// <summary>Makes the wallet.</summary>
    public static readonly StepName<BotRef, StageOutcome> CreateWallet = new("bot.create-wallet");

    /// <summary>Sets the bot running.</summary>
    public static readonly StepName<BotRef, StageOutcome> Activate = new("bot.activate");

    /// <summary>Ends the operation.</summary>
    public static readonly StepName<BotRef, StageOutcome> Announce = new("bot.announce");

    /// <summary>Takes back what a failed creation made.</summary>
    public static readonly StepName<BotFailure, StageOutcome> Undo = new("bot.undo");

    /// <summary>Starts a transfer of what the wallet holds.</summary>
    public static readonly StepName<BotDeletion, SweepOutcome> Sweep = new("bot.sweep");

    /// <summary>Retires the seed and removes the bot.</summary>
    public static readonly StepName<BotRef, StageOutcome> Remove = new("bot.remove");

    /// <summary>Gives a bot back whose deletion failed.</summary>
    public static readonly StepName<BotFailure, StageOutcome> KeepBot = new("bot.keep");

    /// <summary>Takes the seed's retirement back and puts the bot in its place again, stopped.</summary>
    public static readonly StepName<BotRestoration, StageOutcome> RestoreDeleted = new("bot.restore-deleted");

    /// <summary>The stages of a creation, in order.</summary>
    public static IReadOnlyList<string> CreateStages { get; } = [Stages.SaveConfig, Stages.RegisterAgent, Stages.CreateWallet, Stages.Activate, Stages.Announce];

    /// <summary>The stages of a deletion, in order.</summary>
    public static IReadOnlyList<string> DeleteStages { get; } = [Stages.SweepFunds, Stages.RemoveBot];

    /// <summary>The names of stages as the contract shows them.</summary>
    public static class Stages
    {
        /// <summary>Resolves and stores the configuration.</summary>
        public const string SaveConfig = "saveConfig";

        /// <summary>Takes the tenant's quota.</summary>
        public const string RegisterAgent = "registerAgent";

        /// <summary>Makes the wallet.</summary>
        public const string CreateWallet = "createWallet";

        /// <summary>Sets the bot running.</summary>
        public const string Activate = "activate";

        /// <summary>Ends the creation.</summary>
        public const string Announce = "announce";

        /// <summary>Moves what the wallet holds.</summary>
        public const string SweepFunds = "sweepFunds";

        /// <summary>Retires the seed and removes the bot; from its beginning there is no way back.</summary>
        public const string RemoveBot = "removeBot";
    }
}
