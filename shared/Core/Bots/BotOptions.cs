namespace MidnightOS.Core.Bots;

/// <summary>Settings <c>Bots:*</c>.</summary>
public sealed class BotOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Bots";

    /// <summary>How many bots a tenant may have.</summary>
    public int PerTenant { get; set; } = 1000;

    /// <summary>How long the sealed seed of a deleted bot is kept.</summary>
    public TimeSpan KeepSeedFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        PerTenant < 1 ? $"{Section}:PerTenant is 1 or more."
        : KeepSeedFor < TimeSpan.FromDays(1) ? $"{Section}:KeepSeedFor is a day or more."
        : null;
}
