using System.Globalization;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Soak.Load;

/// <summary>What the parts of the load have in common: requests whose answers the oracle learns.</summary>
internal abstract class Actor(TenantSession session, Oracle oracle, Findings findings, Random random)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);

    // While faults go on nothing promises an hour; this only ends a wait that a run would never see the end of.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    protected TenantSession Session => session;

    protected Oracle Oracle => oracle;

    protected Findings Findings => findings;

    protected Random Random => random;

    /// <summary>Works until the load ends.</summary>
    /// <param name="stopping">The load ends: finish what was begun.</param>
    /// <param name="cancellationToken">The run ends: leave it.</param>
    public abstract Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken);

    /// <summary>Creates a bot and waits until it is there; null when its creation failed.</summary>
    protected async Task<BotEntry?> CreateBotAsync(object? capabilities, CancellationToken cancellationToken)
    {
        var name = $"bot-{oracle.UniqueAmount(0)}";
        var bot = new BotEntry { Owner = session, Name = name, Request = ("/api/bots", new { name, type = "general", capabilities }, $"create-{name}") };
        oracle.Bots.Enqueue(bot);
        bot.Answer = await session.PostAsync(bot.Request.Path, bot.Request.Body, bot.Request.Key, cancellationToken);
        if (bot.Answer.Status != 202)
        {
            findings.Violated($"A creation was answered with {bot.Answer.Status} {bot.Answer.Code}.");
            return null;
        }

        findings.Count("bots accepted");
        (bot.Id, bot.OperationId) = ((string)bot.Answer.Body["bot"]!["id"]!, (string)bot.Answer.Body["operation"]!["id"]!);
        var operation = await UntilAsync($"/api/operations/{bot.OperationId}", static o => (string?)o["status"] != "running", cancellationToken);
        if (operation is null || (string?)operation["status"] != "succeeded")
        {
            findings.Count("creations failed");
            return null;
        }

        bot.Address = (string)operation["result"]!["walletAddress"]!;
        return bot;
    }

    /// <summary>Pays a bot from the faucet.</summary>
    protected async Task FundAsync(BotEntry bot, long about, CancellationToken cancellationToken)
    {
        var atomic = oracle.UniqueAmount(about);
        var text = $"{atomic / 1_000_000}.{atomic % 1_000_000:d6}";
        var payment = new Payment
        {
            Kind = PaymentKind.Faucet, Owner = session, From = null, To = bot.Address, Atomic = atomic,
            Request = ("/api/devnet/faucet", new { address = bot.Address, amount = text }, $"faucet-{atomic}"),
        };
        await AskAsync(payment, cancellationToken);
        findings.Count(payment.Answer!.IsSuccess ? "faucet payments accepted" : $"faucet refused {payment.Answer.Code}");
    }

    /// <summary>Asks for a payment until there is an answer, and sometimes once more: the answer must be the same.</summary>
    protected async Task AskAsync(Payment payment, CancellationToken cancellationToken)
    {
        oracle.Payments.Enqueue(payment);
        payment.Answer = await session.PostAsync(payment.Request.Path, payment.Request.Body, payment.Request.Key, cancellationToken);
        payment.Transactions = payment.Kind switch
        {
            PaymentKind.Send when payment.Answer.IsSuccess => [(string)payment.Answer.Body["transaction"]!["id"]!],
            PaymentKind.Chat when payment.Answer.IsSuccess => [.. payment.Answer.Body["transactionIds"]!.AsArray().Select(static id => (string)id!)],
            _ => [],
        };
        if (random.Next(6) == 0)
        {
            await Repeat.CheckAsync(payment, findings, cancellationToken);
        }
    }

    /// <summary>Asks for a resource until it is as wished.</summary>
    /// <returns>The resource; null when it does not come to that: the checks at the end say what is wrong with it.</returns>
    protected async Task<JsonNode?> UntilAsync(string path, Func<JsonNode, bool> wished, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await session.GetAsync(path, cancellationToken);
            if (answer.IsSuccess && wished(answer.Body))
            {
                return answer.Body;
            }

            if (answer.Status == 404)
            {
                findings.Violated($"Lost: {path} was accepted and is not found.");
                return null;
            }

            if (limit.IsCancellationRequested)
            {
                findings.Violated($"{path} does not go on for {Patience}: {answer.Text}");
                return null;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    protected Task PauseAsync(int most, CancellationToken cancellationToken) => Task.Delay(random.Next(most), cancellationToken);

    protected static decimal Night(JsonNode wallet, string field) =>
        decimal.Parse((string?)wallet["balances"]?.AsArray().FirstOrDefault(static b => (string?)b!["token"] == "NIGHT")?[field] ?? "0", CultureInfo.InvariantCulture);
}
