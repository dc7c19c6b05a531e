using System.Text.Json.Nodes;
using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>Every bot that was accepted ended its creation, and its deletion, once; and there is none that nobody asked for.</summary>
internal sealed class BotsCheck(Oracle oracle, Asking asking, Findings findings)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var bot in oracle.Bots.Where(static bot => bot.Id.Length > 0))
        {
            foreach (var operation in new[] { bot.OperationId, bot.DeletionId }.OfType<string>())
            {
                await asking.UntilAsync(bot.Owner, $"/api/operations/{operation}", static o => (string?)o["status"] != "running", cancellationToken);
            }

            await Repeat.CheckAsync(bot, findings, cancellationToken);
        }

        foreach (var tenant in oracle.Tenants)
        {
            Compare(
                oracle.Bots.Where(bot => bot.Owner == tenant).ToDictionary(static bot => bot.Name, StringComparer.Ordinal),
                await asking.AllAsync(tenant, "/api/bots", cancellationToken));
        }
    }

    private void Compare(Dictionary<string, BotEntry> known, List<JsonNode> found)
    {
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
