namespace MidnightOS.Tests.Soak.Load;

/// <summary>Pays between bots that live as long as the run, by HTTP and by chat, and asks for balances.</summary>
internal sealed class Payer(TenantSession session, Oracle oracle, Findings findings, Random random) : Actor(session, oracle, findings, random)
{
    /// <summary>Sends above this wait for a confirmation, of the bots that have the limit.</summary>
    public const string ConfirmAbove = "3";

    public override async Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken)
    {
        while (!stopping.IsCancellationRequested)
        {
            var mine = Oracle.Residents.Values.Where(bot => bot.Owner == Session).ToList();
            var all = Oracle.Residents.Values.ToList();
            if (mine.Count == 0 || all.Count < 2)
            {
                await Task.Delay(200, cancellationToken);
                continue;
            }

            var from = mine[Random.Next(mine.Count)];
            var to = all[Random.Next(all.Count)];
            if (from != to)
            {
                await (Random.Next(100) switch
                {
                    < 60 => SendAsync(from, to, cancellationToken),
                    < 90 => ChatAsync(from, to, cancellationToken),
                    _ => AskBalanceAsync(from, cancellationToken),
                });
            }

            await PauseAsync(400, cancellationToken);
        }
    }

    private async Task SendAsync(BotEntry from, BotEntry to, CancellationToken cancellationToken)
    {
        var payment = New(PaymentKind.Send, from, to, Random.Next(4) == 0 ? 4_000_000 : 1_000_000, static payment =>
            ($"/api/bots/{payment.From!.Id}/wallet/send", new { to = payment.To, amount = payment.Amount }, $"send-{payment.Atomic}"));
        await AskAsync(payment, cancellationToken);
        if (payment.Answer!.IsSuccess)
        {
            Findings.Count("sends accepted");
            if ((string?)payment.Answer.Body["transaction"]!["status"] == "awaitingConfirmation")
            {
                await DecideAsync(payment.Transactions[0], cancellationToken);
            }
        }
        else
        {
            await RefusedAsync(payment, cancellationToken);
        }
    }

    private async Task ChatAsync(BotEntry from, BotEntry to, CancellationToken cancellationToken)
    {
        var payment = New(PaymentKind.Chat, from, to, 1_000_000, static payment =>
            ($"/api/bots/{payment.From!.Id}/chat", new { message = $"send {payment.Amount} NIGHT to {payment.To}" }, $"chat-{payment.Atomic}"));
        await AskAsync(payment, cancellationToken);
        if (payment.Transactions.Count > 0)
        {
            Findings.Count("chat sends accepted");
        }
        else if (payment.Answer!.IsSuccess)
        {
            Findings.Count("chat sends declined");
            await FundAsync(from, 50_000_000, cancellationToken);
        }
        else
        {
            await RefusedAsync(payment, cancellationToken);
        }
    }

    private async Task AskBalanceAsync(BotEntry from, CancellationToken cancellationToken)
    {
        var answer = await Session.PostAsync($"/api/bots/{from.Id}/chat", new { message = "what's my balance?" }, $"ask-{Oracle.UniqueAmount(0)}", cancellationToken);
        Findings.Count(answer.IsSuccess ? "chats answered" : $"chats refused {answer.Code}");
    }

    // Either may be answered by a host that died over it and be asked again: the record says in the end what was decided.
    private async Task DecideAsync(string transaction, CancellationToken cancellationToken)
    {
        var verb = Random.Next(5) == 0 ? "cancel" : "confirm";
        var key = verb == "confirm" ? $"confirm-{transaction}" : null;
        var answer = await Session.PostAsync($"/api/transactions/{transaction}/{verb}", null, key, cancellationToken);
        Findings.Count(answer.IsSuccess ? $"sends {verb}ed" : $"{verb} refused {answer.Code}");
    }

    private async Task RefusedAsync(Payment payment, CancellationToken cancellationToken)
    {
        Findings.Count($"{payment.Kind} refused {payment.Answer!.Code}");
        if (payment.Answer.Code is "INSUFFICIENT_FUNDS")
        {
            await FundAsync(payment.From!, 50_000_000, cancellationToken);
        }
        else
        {
            Findings.Violated($"{payment} was refused: {payment.Answer.Status} {payment.Answer.Text}");
        }
    }

    private Payment New(PaymentKind kind, BotEntry from, BotEntry to, long about, Func<Payment, (string, object, string)> request)
    {
        var payment = new Payment { Kind = kind, Owner = Session, From = from, To = to.Address, Atomic = Oracle.UniqueAmount(about) };
        payment.Request = request(payment);
        return payment;
    }
}
