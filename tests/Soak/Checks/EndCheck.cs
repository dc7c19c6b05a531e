using System.Globalization;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>What must hold when the faults are over and the host has had time: everything ended, everything once, and ledger, books and clients agree to the atom.</summary>
internal sealed class EndCheck(Oracle oracle, LedgerBook ledger, Findings findings)
{
    private static readonly string[] Final = ["confirmed", "failed", "expired", "rejected", "cancelled"];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, JsonNode> _records = new(StringComparer.Ordinal);

    /// <param name="patience">How long what was accepted may take to end.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience);
        await BotsAsync(limit.Token, cancellationToken);
        foreach (var bot in oracle.Bots.Where(static bot => bot.Id.Length > 0))
        {
            await RecordsAsync(bot, limit.Token, cancellationToken);
        }

        await ledger.ReadAsync(cancellationToken);
        await BooksAsync(limit.Token, cancellationToken);
        foreach (var payment in oracle.Payments)
        {
            Judge(payment);
        }

        Unknown();
        findings.Set("ledger height", ledger.Height);
    }

    // Every bot that was accepted ended its creation, and its deletion; and there is none that nobody asked for.
    private async Task BotsAsync(CancellationToken limit, CancellationToken cancellationToken)
    {
        foreach (var bot in oracle.Bots.Where(static bot => bot.Id.Length > 0))
        {
            foreach (var operation in new[] { bot.OperationId, bot.DeletionId }.OfType<string>())
            {
                await UntilAsync(bot.Owner, $"/api/operations/{operation}", static o => (string?)o["status"] != "running", limit, cancellationToken);
            }

            await Repeat.CheckAsync(bot, findings, cancellationToken);
        }

        foreach (var tenant in oracle.Tenants)
        {
            var known = oracle.Bots.Where(bot => bot.Owner == tenant).ToDictionary(static bot => bot.Name, StringComparer.Ordinal);
            var found = await AllAsync(tenant, "/api/bots", cancellationToken);
            foreach (var same in found.GroupBy(static bot => (string)bot["name"]!, StringComparer.Ordinal))
            {
                var of = known.GetValueOrDefault(same.Key);
                if (same.Count() > 1 || of is null || of.Id != (string)same.First()["id"]!)
                {
                    findings.Violated($"The bot {same.Key} is there {same.Count()} times, and the clients know {of}.");
                }
                else if (of.Deleted)
                {
                    findings.Violated($"{of} was deleted and is there.");
                }
            }

            foreach (var lost in known.Values.Where(static bot => bot.Id.Length > 0 && bot.SweptTo is null).ExceptBy(found.Select(static bot => (string)bot["id"]!), static bot => bot.Id))
            {
                findings.Violated($"Lost: {lost} was accepted, was not deleted, and is not there.");
            }
        }
    }

    // The transactions of a bot that still is; those of one that was deleted are asked for one by one.
    private async Task RecordsAsync(BotEntry bot, CancellationToken limit, CancellationToken cancellationToken)
    {
        var named = oracle.Payments.Where(payment => payment.From == bot).SelectMany(static payment => payment.Transactions);
        var listed = bot.SweptTo is not null ? [] : await AllAsync(bot.Owner, $"/api/bots/{bot.Id}/transactions", cancellationToken);
        foreach (var id in listed.Where(static one => (string?)one["direction"] == "out").Select(static one => (string)one["id"]!).Union(named, StringComparer.Ordinal))
        {
            if (await UntilAsync(bot.Owner, $"/api/transactions/{id}", static one => Final.Contains((string?)one["status"]), limit, cancellationToken) is { } record)
            {
                _records[id] = record;
                findings.Count($"transactions {record["status"]}");
            }
        }
    }

    private async Task BooksAsync(CancellationToken limit, CancellationToken cancellationToken)
    {
        foreach (var bot in oracle.Bots.Where(static bot => bot.Address.Length > 0))
        {
            if (bot.Deleted)
            {
                if (ledger.BalanceOf(bot.Address) is not 0 and var left)
                {
                    findings.Violated($"{bot} was deleted with its funds swept, and its address holds {left}.");
                }

                continue;
            }

            var holds = ledger.BalanceOf(bot.Address).ToString(CultureInfo.InvariantCulture);
            await UntilAsync(bot.Owner, $"/api/bots/{bot.Id}/wallet", wallet => Agrees(wallet, holds), limit, cancellationToken);
            findings.Count("books compared with the ledger");
        }
    }

    private static bool Agrees(JsonNode wallet, string atomic)
    {
        var night = wallet["balances"]!.AsArray().FirstOrDefault(static balance => (string?)balance!["token"] == "NIGHT");
        return night is null ? atomic == "0" : (string?)night["atomic"] == atomic && (string?)night["reserved"] == "0" && (string?)night["available"] == (string?)night["total"];
    }

    private void Judge(Payment payment)
    {
        var paid = ledger.TimesPaid(payment.To, payment.Atomic);
        var promised = payment.Kind is PaymentKind.Faucet
            ? payment.Answer is { IsSuccess: true } ? 1 : 0
            : RecordsOf(payment).Count(static record => (string?)record["status"] == "confirmed");
        findings.Count("payments on the ledger", paid);
        if (payment.Answer is null)
        {
            findings.Violated($"Never answered: {payment}");
        }

        if (paid > 1)
        {
            findings.Violated($"Paid {paid} times: {payment}");
        }
        else if (paid != promised)
        {
            findings.Violated($"The ledger has {paid} of what the records call {promised} times confirmed: {payment}");
        }

        if (RecordsOf(payment).Count() > 1)
        {
            findings.Violated($"Accepted more than once: {payment}");
        }
    }

    // Also one that the client was not told of.
    private IEnumerable<JsonNode> RecordsOf(Payment payment) => _records.Values.Where(record =>
        (string?)record["to"] == payment.To && (string?)record["atomic"] == payment.Atomic.ToString(CultureInfo.InvariantCulture));

    private void Unknown()
    {
        var asked = oracle.Payments.Select(static payment => (payment.To, payment.Atomic.ToString(CultureInfo.InvariantCulture))).ToHashSet();
        foreach (var record in _records.Values.Where(record => !asked.Contains(((string)record["to"]!, (string)record["atomic"]!))))
        {
            findings.Violated($"Nobody asked for the transaction {record["id"]} of {record["amount"]} to {record["to"]}.");
        }
    }

    private async Task<List<JsonNode>> AllAsync(TenantSession owner, string path, CancellationToken cancellationToken)
    {
        List<JsonNode> all = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var answer = await owner.GetAsync($"{path}?limit=100{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}", cancellationToken);
            if (!answer.IsSuccess)
            {
                findings.Violated($"{path} gives {answer.Status} {answer.Code}.");
                return all;
            }

            all.AddRange(answer.Body["data"]!.AsArray().Select(static item => item!));
            cursor = (string?)answer.Body["pagination"]!["nextCursor"];
        }

        return all;
    }

    private async Task<JsonNode?> UntilAsync(TenantSession owner, string path, Func<JsonNode, bool> wished, CancellationToken limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await owner.GetAsync(path, cancellationToken);
            if (answer.IsSuccess && wished(answer.Body))
            {
                return answer.Body;
            }

            if (!answer.IsSuccess || limit.IsCancellationRequested)
            {
                findings.Violated($"{path} does not come to its end: {answer.Status} {answer.Text}");
                return null;
            }

            await Task.Delay(Look, cancellationToken);
            await ledger.ReadAsync(cancellationToken);
        }
    }
}
