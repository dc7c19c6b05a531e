using MidnightOS.Core.Audit;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Bots;

/// <summary>Brings a deleted bot back, stopped, while its sealed seed is still kept. For operators; its wallet has followed the chain all the time.</summary>
public sealed class RestoreBot(IDocumentStore store, IUnitOfWork unit, IWalletCustody custody, AgentRegistry registry, WriteAudit audit, TimeProvider time)
{
    /// <summary>The bot; or <c>NOT_FOUND</c> when there is none or its time has passed, <c>POLICY_DENIED</c> when the tenant's quota is full.</summary>
    public async Task<Result<Bot>> RunAsync(TenantId tenant, string botId, CancellationToken cancellationToken)
    {
        var deleted = await store.ReadAsync<DeletedBot>(tenant, DeletedBot.Key(botId), cancellationToken);
        if (deleted is null)
        {
            return Error.NotFound("deleted bot");
        }

        var bot = deleted.Value.Bot with { Status = BotStatus.Stopped, StatusReason = "Restored after its deletion.", UpdatedAt = time.GetUtcNow() };
        if (bot.WalletAddress is not null && await custody.RestoreAsync(Wallet.RefOf(tenant, botId), cancellationToken) is { IsSuccess: false, Error: { } lost })
        {
            return lost;
        }

        if (await registry.TakeAsync(tenant, bot, cancellationToken) is { } full)
        {
            return new Error(ErrorCodes.PolicyDenied, full);
        }

        var batch = new Batch().Put(bot, Precondition.Absent).Delete(DeletedBot.Key(botId), Precondition.Match(deleted.ETag));
        if (!(await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
        {
            return new Error(ErrorCodes.Conflict, "The bot has been restored meanwhile.");
        }

        await audit.RunAsync(tenant, "bot.restore", "operator", botId, allowed: true, cancellationToken);
        return bot;
    }
}
