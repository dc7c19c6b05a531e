namespace MidnightOS.Tests.Soak.Load;

/// <summary>Creates bots: first those that live as long as the run, then ones that are paid, pay, and are deleted with what they hold.</summary>
internal sealed class Settler(TenantSession session, Oracle oracle, Findings findings, Random random) : Actor(session, oracle, findings, random)
{
    private const int Residents = 3;
    private const int CoinsEach = 4;

    public override async Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken)
    {
        await Session.SignUpAsync(cancellationToken);
        Oracle.Tenants.Enqueue(Session);
        for (var number = 0; number < Residents && !stopping.IsCancellationRequested;)
        {
            number += await SettleAsync(number == 0, cancellationToken) ? 1 : 0;
        }

        while (!stopping.IsCancellationRequested)
        {
            await LiveAndDieAsync(cancellationToken);
            await PauseAsync(3000, cancellationToken);
        }
    }

    private async Task<bool> SettleAsync(bool asksFirst, CancellationToken cancellationToken)
    {
        object? capabilities = asksFirst ? new { limits = new { confirmAbove = Payer.ConfirmAbove } } : null;
        if (await CreateBotAsync(capabilities, cancellationToken) is not { } bot)
        {
            return false;
        }

        for (var coin = 0; coin < CoinsEach; coin++)
        {
            await FundAsync(bot, 60_000_000, cancellationToken);
        }

        Oracle.Residents[bot.Id] = bot;
        return true;
    }

    private async Task LiveAndDieAsync(CancellationToken cancellationToken)
    {
        if (await CreateBotAsync(capabilities: null, cancellationToken) is not { } bot)
        {
            return;
        }

        await FundAsync(bot, 5_000_000, cancellationToken);
        if (Random.Next(2) == 0)
        {
            await FundAsync(bot, 7_000_000, cancellationToken);
        }

        await UntilAsync($"/api/bots/{bot.Id}/wallet", static wallet => Night(wallet, "total") > 0, cancellationToken);
        var heirs = Oracle.Residents.Values.ToList();
        await DeleteAsync(bot, heirs[Random.Next(heirs.Count)].Address, cancellationToken);
    }

    private async Task DeleteAsync(BotEntry bot, string heir, CancellationToken cancellationToken)
    {
        bot.SweptTo = heir;
        var path = $"/api/bots/{bot.Id}";
        var answer = await Session.SendAsync(HttpMethod.Delete, $"{path}?sweepTo={heir}", body: null, key: null, cancellationToken);
        if (answer.Status == 202)
        {
            Findings.Count("deletions accepted");
            bot.DeletionId = (string)answer.Body["operation"]!["id"]!;
            var operation = await UntilAsync($"/api/operations/{bot.DeletionId}", static o => (string?)o["status"] != "running", cancellationToken);
            bot.Deleted = (string?)operation?["status"] == "succeeded";
            if (!bot.Deleted)
            {
                Findings.Count("deletions failed");
            }
        }
        else if (answer.Status is 404 or 409)
        {
            // A request that lost its answer has been accepted: the bot is on its way out, or gone.
            Findings.Count("deletions found begun");
            bot.Deleted = await GoneAsync(path, cancellationToken);
        }
        else
        {
            Findings.Violated($"The deletion of {bot} was answered with {answer.Status} {answer.Code}.");
        }
    }

    private async Task<bool> GoneAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await Session.GetAsync(path, cancellationToken);
            if (answer.Status == 404 || (string?)answer.Body["status"] != "deleting")
            {
                return answer.Status == 404;
            }

            await PauseAsync(500, cancellationToken);
        }
    }
}
