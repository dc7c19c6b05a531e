namespace MidnightOS.Core.Transactions;

/// <summary>Settings <c>Transactions:*</c>.</summary>
public sealed class TransactionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Transactions";

    /// <summary>How long, in chain time, a block may take the signed bytes.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long, in chain time, a block may take a contract call: its proofs are made within this. The ledger takes at most an hour.</summary>
    public TimeSpan CallTimeToLive { get; set; } = TimeSpan.FromMinutes(45);

    /// <summary>How long a confirmation is awaited.</summary>
    public TimeSpan ConfirmationWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an approval is awaited.</summary>
    public TimeSpan ApprovalWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often a transfer whose bytes outlived their time is built anew before it expires.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        TimeToLive < TimeSpan.FromSeconds(10) || TimeToLive > TimeSpan.FromHours(1) ? $"{Section}:TimeToLive lies between 10 seconds and 1 hour."
        : CallTimeToLive < TimeSpan.FromMinutes(1) || CallTimeToLive > TimeSpan.FromHours(1) ? $"{Section}:CallTimeToLive lies between 1 minute and 1 hour."
        : ConfirmationWindow <= TimeSpan.Zero ? $"{Section}:ConfirmationWindow must be greater than zero."
        : ApprovalWindow <= TimeSpan.Zero ? $"{Section}:ApprovalWindow must be greater than zero."
        : MaxAttempts < 1 ? $"{Section}:MaxAttempts is 1 or more."
        : null;
}
