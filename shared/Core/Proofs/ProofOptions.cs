namespace MidnightOS.Core.Proofs;

/// <summary>Settings of proof jobs; section <c>Proofs</c>.</summary>
public sealed class ProofOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Proofs";

    /// <summary>How many jobs of a tenant may wait.</summary>
    public int QueuedPerTenant { get; set; } = 1_000;

    /// <summary>The most bytes that the requests of a tenant's waiting jobs may have in all; one alone may have more.</summary>
    public long QueuedBytesPerTenant { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How many proofs of a tenant may run at once, on all hosts together.</summary>
    public int RunningPerTenant { get; set; } = 4;

    /// <summary>A job ends as failed when it was begun so often and whoever proved it was gone each time.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How long a job may wait for its turn before it ends as failed.</summary>
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an ended job and its proof are kept; its request is erased when it ends.</summary>
    public TimeSpan KeepResults { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a host holds a job without saying that it still does; after that another takes it up.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    internal string? Problem() => this switch
    {
        { QueuedPerTenant: < 1 or > 1_000_000 } => Wrong(nameof(QueuedPerTenant), "between 1 and 1,000,000"),
        { QueuedBytesPerTenant: < 1024 } => Wrong(nameof(QueuedBytesPerTenant), "at least 1,024"),
        { RunningPerTenant: < 1 or > 1_000 } => Wrong(nameof(RunningPerTenant), "between 1 and 1,000"),
        { MaxAttempts: < 1 or > 100 } => Wrong(nameof(MaxAttempts), "between 1 and 100"),
        _ when WaitLimit < TimeSpan.FromMinutes(1) || WaitLimit > TimeSpan.FromDays(7) => Wrong(nameof(WaitLimit), "between a minute and seven days"),
        _ when KeepResults < TimeSpan.FromMinutes(1) || KeepResults > TimeSpan.FromDays(7) => Wrong(nameof(KeepResults), "between a minute and seven days"),
        _ when Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromMinutes(10) => Wrong(nameof(Lease), "between a second and ten minutes"),
        _ => null,
    };

    private static string Wrong(string setting, string bounds) => $"{Section}:{setting} must be {bounds}.";
}
