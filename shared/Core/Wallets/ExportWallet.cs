using MidnightOS.Core.Accounts;
using MidnightOS.Core.Audit;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Wallets;

/// <summary>Gives the owner the wallet's seed as words: the password is asked again, and every try is audited before the words are given.</summary>
public sealed class ExportWallet(IDocumentStore store, IWalletExport wallets, VerifyPassword verify, WriteAudit audit)
{
    /// <summary>24 words; or <c>NOT_FOUND</c>, <c>UNAUTHORIZED</c> (the password), <c>WALLET_NOT_READY</c>, <c>UPSTREAM_UNAVAILABLE</c> (the flows that hold the seeds did not answer in time).</summary>
    public async Task<Result<string>> RunAsync(Caller caller, string botId, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await store.GetAsync(caller.Tenant, Bot.Key(botId), cancellationToken) is null)
        {
            return Error.NotFound("bot");
        }

        var verified = await verify.RunAsync(caller, password, "password", cancellationToken);
        await audit.RunAsync(caller.Tenant, "wallet.export", caller.UserId, botId, verified.IsSuccess, cancellationToken);
        return verified.IsSuccess
            ? await wallets.ExportAsync(Wallet.RefOf(caller.Tenant, botId), cancellationToken)
            : verified.Error;
    }
}
