using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Wallets;

/// <summary>Third stage of a creation: makes the seed, sealed; derives the addresses; claims the address, then stores the wallet with an empty book.</summary>
public sealed class CreateWallet(
    IDocumentStore store, IDirectory directory, IWalletCustody custody, ILedger ledger, NetworkProfile network, ChainCursor cursor, IUnitOfWork unit,
    BotStage stage, TimeProvider time)
    : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken) =>
        stage.RunAsync(input, BotFlowNames.Stages.CreateWallet, () => CreateAsync(input, cancellationToken), cancellationToken);

    private async Task<StageOutcome> CreateAsync(BotRef input, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(input.Tenant, Wallet.Key(input.BotId), cancellationToken) is not null)
        {
            return StageOutcome.Ok;
        }

        var reference = Wallet.RefOf(input.Tenant, input.BotId);
        await custody.CreateAsync(reference, cancellationToken);
        var opened = await custody.OpenAsync(reference, cancellationToken);
        if (!opened.IsSuccess)
        {
            return new StageOutcome(opened.Error.Message);
        }

        WalletKeys keys;
        using (var secret = opened.Value)
        {
            keys = await ledger.DeriveAsync(secret, network.Id, cancellationToken);
        }

        if (await cursor.ReadAsync(cancellationToken) is null)
        {
            // The follower will begin at a block that may be later than the first payment.
            await directory.MarkDueAsync(Wallet.SyncQueue, input.Tenant, input.BotId, time.GetUtcNow(), cancellationToken);
        }

        var claim = new DirectoryKey(Wallet.AddressClaim, keys.UnshieldedAddress);
        await directory.ClaimAsync(claim, new DirectoryClaim(input.Tenant, input.BotId), cancellationToken);
        await StoreAsync(input, keys, cancellationToken);
        return StageOutcome.Ok;
    }

    private async Task StoreAsync(BotRef input, WalletKeys keys, CancellationToken cancellationToken)
    {
        var wallet = new Wallet(input.BotId, network.Id, keys, time.GetUtcNow());
        while (true)
        {
            var bot = await store.RequireBotAsync(input, cancellationToken);
            if (bot.Value.WalletAddress is not null)
            {
                return;
            }

            var batch = new Batch()
                .Put(Wallet.Key(input.BotId), wallet, Precondition.Absent, [])
                .Put(WalletBook.Key(input.BotId), new WalletBook { BotId = input.BotId }, Precondition.Absent, [])
                .Put(Bot.Key(input.BotId), bot.Value with { WalletAddress = keys.UnshieldedAddress, UpdatedAt = time.GetUtcNow() }, Precondition.Match(bot.ETag), []);
            if ((await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed)
            {
                return;
            }
        }
    }
}
