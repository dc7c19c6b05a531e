using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Core.Transactions;

/// <summary>Meter and activity source <c>MidnightOS.Transactions</c>. No tag of a metric names a transaction, bot, wallet or tenant.</summary>
internal static class TransactionTelemetry
{
    private const string Name = "MidnightOS.Transactions";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Accepted = Meter.CreateCounter<long>("midnight.transactions.accepted", "{transaction}", "Transfers that were accepted and reserved, by their first status.");
    private static readonly Counter<long> EndedTransactions = Meter.CreateCounter<long>("midnight.transactions.ended", "{transaction}", "Transfers that came to their end, by status.");
    private static readonly Histogram<double> Duration = Meter.CreateDuration("midnight.transactions.duration", "From the request of a transfer to its end, by status.");

    /// <summary>A transfer was accepted.</summary>
    public static void Requested(Transaction transaction) => Accepted.Add(1, Status(transaction.Status));

    /// <summary>A transfer was moved; counts it when that was its end, and closes its trace with a span that lasts since the move before.</summary>
    public static void Moved(Transaction before, Transaction after, DateTimeOffset now)
    {
        if (after.Work is null || !TransactionTransitions.IsFinal(after.Status))
        {
            return;
        }

        EndedTransactions.Add(1, Status(after.Status));
        Duration.Record(Math.Max(0, (now - after.CreatedAt).TotalSeconds), Status(after.Status));
        if (Activities.HasListeners())
        {
            using var activity = Activities.StartActivity(
                $"transaction {NameOf(after.Status)}", ActivityKind.Internal, TraceParent.Parse(after.Work.TraceParent), startTime: before.History[^1].At);
            activity?.SetTag("transaction.id", after.Id).SetTag("block.height", after.Block?.Height);
            activity?.SetStatus(after.Status is TransactionStatus.Confirmed or TransactionStatus.Cancelled ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        }
    }

    private static KeyValuePair<string, object?> Status(TransactionStatus status) => new("status", NameOf(status));

    private static string NameOf(TransactionStatus status) => status switch
    {
        TransactionStatus.Requested => "requested",
        TransactionStatus.AwaitingConfirmation => "awaitingConfirmation",
        TransactionStatus.AwaitingApproval => "awaitingApproval",
        TransactionStatus.Confirmed => "confirmed",
        TransactionStatus.Failed => "failed",
        TransactionStatus.Expired => "expired",
        TransactionStatus.Rejected => "rejected",
        TransactionStatus.Cancelled => "cancelled",
        _ => "open",
    };
}
