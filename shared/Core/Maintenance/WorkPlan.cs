namespace MidnightOS.Core.Maintenance;

/// <summary>The apps of the azure edition.</summary>
public enum PlatformApp
{
    /// <summary>HTTP; no right on the wallets' key.</summary>
    Api,

    /// <summary>The flows; the only one with the wallets' key.</summary>
    Flows,

    /// <summary>Proofs; no right on any key.</summary>
    Prover,
}

/// <summary>A background work's place in the azure edition.</summary>
/// <param name="Name">The work's name.</param>
/// <param name="App">The one app that runs it: the one that has the rights.</param>
/// <param name="Schedule">When its timer calls: six fields, seconds first.</param>
/// <param name="Budget">How long a call may go on while there is more to do; less than the time between two calls.</param>
public sealed record PlannedWork(string Name, PlatformApp App, string Schedule, TimeSpan Budget);

/// <summary>Which app of the azure edition runs which background work, and when. The embedded host runs them all.</summary>
/// <remarks>Schedules are NCRONTAB expressions: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions. A timer runs on one instance at a time.</remarks>
public static class WorkPlan
{
    /// <summary>The outbox's sweep. It starts flows over the queue.</summary>
    public const string Outbox = "outbox";

    /// <summary>Brings wallets up to date with the chain.</summary>
    public const string ChainFollower = "chain-follower";

    /// <summary>Drops what contract calls were built to.</summary>
    public const string EraseCalls = "erase-calls";

    /// <summary>Drops proofs that were kept long enough.</summary>
    public const string EraseProofs = "erase-proofs";

    /// <summary>How much work waits.</summary>
    public const string MeasureQueues = "measure-queues";

    /// <summary>Erases and rewraps sealed seeds.</summary>
    public const string Custody = "custody";

    /// <summary>Finds flows that were lost.</summary>
    public const string OpenWork = "open-work";

    /// <summary>Carries over what proof jobs tell.</summary>
    public const string ProofNews = "proof-news";

    /// <summary>Ends proof jobs whose message was lost.</summary>
    public const string LostProofs = "lost-proofs";

    /// <summary>How long proofs take, learnt where they are made.</summary>
    public const string ProofTimes = "proof-times";

    /// <summary>Deletes what has expired in the tables.</summary>
    public const string SweepTables = "tables-sweep";

    /// <summary>Four times a minute.</summary>
    public const string QuarterMinute = "*/15 * * * * *";

    /// <summary>Twice a minute.</summary>
    public const string HalfMinute = "*/30 * * * * *";

    /// <summary>Each minute; not on its first second, when everybody's timers call.</summary>
    public const string Minute = "20 * * * * *";

    /// <summary>Each hour.</summary>
    public const string Hour = "40 7 * * * *";

    /// <summary>Every work, in one app each.</summary>
    public static IReadOnlyList<PlannedWork> All { get; } =
    [
        new(Outbox, PlatformApp.Api, HalfMinute, TimeSpan.FromSeconds(25)),
        new(ChainFollower, PlatformApp.Api, QuarterMinute, TimeSpan.FromSeconds(10)),
        new(EraseCalls, PlatformApp.Api, Minute, TimeSpan.FromSeconds(50)),
        new(MeasureQueues, PlatformApp.Api, HalfMinute, TimeSpan.FromSeconds(25)),
        new(SweepTables, PlatformApp.Api, Hour, TimeSpan.FromMinutes(8)),
        new(Custody, PlatformApp.Flows, Minute, TimeSpan.FromSeconds(50)),
        new(OpenWork, PlatformApp.Flows, Minute, TimeSpan.FromSeconds(50)),
        new(ProofNews, PlatformApp.Flows, QuarterMinute, TimeSpan.FromSeconds(10)),
        new(EraseProofs, PlatformApp.Prover, Minute, TimeSpan.FromSeconds(50)),
        new(LostProofs, PlatformApp.Prover, Minute, TimeSpan.FromSeconds(50)),
        new(ProofTimes, PlatformApp.Prover, HalfMinute, TimeSpan.FromSeconds(25)),
    ];
}
