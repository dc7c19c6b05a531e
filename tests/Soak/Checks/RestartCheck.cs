using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>What can be said in the middle of a run: what was accepted is there, what ended stays ended, and nothing is paid twice.</summary>
internal sealed class RestartCheck(Oracle oracle, LedgerBook ledger, Findings findings, Random random)
{
    private const int Newest = 12;
    private const int Sample = 12;
    private const int Repeats = 3;

    /// <summary>Looks at the newest things and a sample of the older ones.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var payments = oracle.Payments.Where(static payment => payment.Answer is not null).ToList();
        var chosen = payments.TakeLast(Newest).Concat(Some(payments, Sample)).Distinct();
        await Parallel.ForEachAsync(chosen, cancellationToken, async (payment, token) => await FindAsync(payment, token));
        await Parallel.ForEachAsync(Some(payments, Repeats), cancellationToken, async (payment, token) => await Repeat.CheckAsync(payment, findings, token));
        foreach (var bot in Some([.. oracle.Bots.Where(static bot => bot.Answer is { Status: 202 })], Repeats))
        {
            await Repeat.CheckAsync(bot, findings, cancellationToken);
            await ExistsAsync(bot.Owner, $"/api/operations/{bot.OperationId}", cancellationToken);
        }

        findings.Count("checks after a restart");
    }

    /// <summary>Reads the ledger on, and counts every payment on it.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ledger.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The devnet was killed meanwhile; the next count sees it.
            return;
        }

        foreach (var payment in oracle.Payments)
        {
            if (ledger.TimesPaid(payment.To, payment.Atomic) is > 1 and var times)
            {
                findings.Violated($"Paid {times} times: {payment}");
            }
        }
    }

    private async Task FindAsync(Payment payment, CancellationToken cancellationToken)
    {
        foreach (var id in payment.Transactions)
        {
            await ExistsAsync(payment.Owner, $"/api/transactions/{id}", cancellationToken);
        }
    }

    private async Task ExistsAsync(TenantSession owner, string path, CancellationToken cancellationToken)
    {
        if (await owner.GetAsync(path, cancellationToken) is { IsSuccess: false } answer)
        {
            findings.Violated($"Lost: {path} was accepted and gives {answer.Status} {answer.Code}.");
        }
    }

    private List<T> Some<T>(List<T> all, int count) => all.Count == 0 ? [] : [.. Enumerable.Range(0, count).Select(_ => all[random.Next(all.Count)]).Distinct()];
}
