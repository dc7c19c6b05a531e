using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Telemetry;
using MidnightOS.Custody.Vault;

namespace MidnightOS.Custody;

/// <summary>Meter and activity source <c>MidnightOS.Custody</c>. No tag names a wallet or tenant, and nothing of a secret is measured, not even its length.</summary>
internal static class CustodyMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "MidnightOS.Custody";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Wallets = Meter.CreateCounter<long>(
        "midnight.custody.wallets", "{wallet}", "Seeds created, opened, exported, retired, restored, erased, rewrapped, broken.");

    private static readonly Counter<long> Operations = Meter.CreateCounter<long>(
        "midnight.custody.operations", "{operation}", "Wraps and unwraps by the vault; seals, unseals and rewraps of records; by purpose and outcome.");

    private static readonly Histogram<double> Duration = Meter.CreateDuration("midnight.custody.operation.duration", "How long they took.");

    private static readonly Gauge<long> Backlog = Meter.CreateGauge<long>(
        "midnight.custody.rewrap.backlog", "{wallet}", "Wallets still wrapped under an old key version, as the last sweep saw it.");

    /// <summary>Counts one.</summary>
    /// <param name="action">What was done with a seed.</param>
    public static void Count(string action) => Wallets.Add(1, new KeyValuePair<string, object?>("action", action));

    /// <summary>Says how many wallets are under old key versions.</summary>
    public static void RewrapBacklog(long wallets) => Backlog.Record(wallets);

    /// <summary>Runs an operation and counts how it ended.</summary>
    /// <param name="operation">wrap, unwrap, seal, unseal or rewrap.</param>
    /// <param name="purpose">Which key-encryption key.</param>
    /// <param name="work">The operation.</param>
    public static async Task<T> MeasureAsync<T>(string operation, VaultPurpose purpose, Func<Task<T>> work)
    {
        using var activity = Activities.Within("custody", operation);
        activity?.SetTag("purpose", KeyRingFormat.NameOf(purpose));
        var began = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await work();
            outcome = "ok";
            return result;
        }
        catch (VaultException)
        {
            outcome = "refused";
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            var tags = new TagList { { "operation", operation }, { "purpose", KeyRingFormat.NameOf(purpose) }, { "outcome", outcome } };
            Operations.Add(1, tags);
            Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
            activity?.SetTag("outcome", outcome).SetStatus(outcome == "ok" ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        }
    }
}
