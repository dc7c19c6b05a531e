using System.Globalization;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>What must hold when the faults are over and the host has had time: everything ended, everything once, and ledger, books and clients agree to the atom.</summary>
internal sealed class EndCheck(Oracle oracle, LedgerBook ledger, Findings findings)
{
    private static readonly string[] Final = ["confirmed", "failed", "expired", "rejected", "cancelled"];

    private readonly Dictionary<string, JsonNode> _records = new(StringComparer.Ordinal);
    private ILookup<(string? To, string? Atomic), JsonNode> _paid = Array.Empty<JsonNode>().ToLookup(PaidTo);

    /// <param name="patience">How long what was accepted may take to end.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience);
        var asking = new Asking(findings, limit.Token);
        await new BotsCheck(oracle, asking, findings).RunAsync(cancellationToken);
        foreach (var bot in oracle.Bots.Where(static bot => bot.Id.Length > 0))
        {
            await RecordsAsync(bot, asking, cancellationToken);
        }

        await ledger.ReadAsync(cancellationToken);
        await BooksAsync(asking, cancellationToken);
        _paid = _records.Values.ToLookup(PaidTo);
        foreach (var payment in oracle.Payments)
        {
            Judge(payment);
        }

        Unknown();
        findings.Set("ledger height", ledger.Height);
    }

    // The transactions of a bot that still is; those of one that was deleted are asked for one by one.
    private async Task RecordsAsync(BotEntry bot, Asking asking, CancellationToken cancellationToken)
    {
        var named = oracle.Payments.Where(payment => payment.From == bot).SelectMany(static payment => payment.Transactions);
        var listed = bot.SweptTo is not null ? [] : await asking.AllAsync(bot.Owner, $"/api/bots/{bot.Id}/transactions", cancellationToken);
        foreach (var id in listed.Where(static one => (string?)one["direction"] == "out").Select(static one => (string)one["id"]!).Union(named, StringComparer.Ordinal))
        {
            if (await asking.UntilAsync(bot.Owner, $"/api/transactions/{id}", static one => Final.Contains((string?)one["status"]), cancellationToken) is { } record)
            {
                _records[id] = record;
                findings.Count($"transactions {record["status"]}");

                // The wallets have the money, and the faults are none that end a transfer: one that was accepted is carried out unless its user took it back.
                if ((string?)record["status"] is "failed" or "rejected")
                {
                    findings.Violated($"Accepted and not carried out: {id} is {record["status"]}, {record["error"]}");
                }
            }
        }
    }

    private async Task BooksAsync(Asking asking, CancellationToken cancellationToken)
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

            await asking.UntilAsync(bot.Owner, $"/api/bots/{bot.Id}/wallet", wallet => AgreesAsync(wallet, bot.Address, cancellationToken), cancellationToken);
            findings.Count("books compared with the ledger");
        }
    }

    private async Task<bool> AgreesAsync(JsonNode wallet, string address, CancellationToken cancellationToken)
    {
        await ledger.ReadAsync(cancellationToken);
        var atomic = ledger.BalanceOf(address).ToString(CultureInfo.InvariantCulture);
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
    private IEnumerable<JsonNode> RecordsOf(Payment payment) => _paid[(payment.To, payment.Atomic.ToString(CultureInfo.InvariantCulture))];

    private static (string? To, string? Atomic) PaidTo(JsonNode record) => ((string?)record["to"], (string?)record["atomic"]);

    private void Unknown()
    {
        var asked = oracle.Payments.Select(static payment => (payment.To, payment.Atomic.ToString(CultureInfo.InvariantCulture))).ToHashSet();
        foreach (var record in _records.Values.Where(record => !asked.Contains(((string)record["to"]!, (string)record["atomic"]!))))
        {
            findings.Violated($"Nobody asked for the transaction {record["id"]} of {record["amount"]} to {record["to"]}.");
        }
    }
}
