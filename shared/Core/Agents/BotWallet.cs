using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Agents;

/// <summary>The wallet port of agents over the use cases of wallets and transactions. What belongs to another bot is not there.</summary>
internal sealed class BotWallet(GetWallet getWallet, SendFunds send, ReadTransactions read, DecideTransaction decide) : IBotWallet
{
    public Task<Result<WalletView>> GetAsync(AgentScope scope, CancellationToken cancellationToken) =>
        getWallet.RunAsync(scope.Tenant, scope.BotId, cancellationToken);

    public async Task<Result<TransactionView>> SendAsync(AgentScope scope, SpendRequest request, CancellationToken cancellationToken)
    {
        var asked = new SendRequest(scope.Tenant, scope.BotId, scope.UserId, request.To, request.Amount, request.Token, request.Note)
        {
            Confirmed = request.Confirmed,
            TransactionId = request.TransactionId,
        };
        return View(await send.RunAsync(asked, cancellationToken));
    }

    public async Task<Result<IReadOnlyList<TransactionView>>> HistoryAsync(AgentScope scope, int limit, CancellationToken cancellationToken)
    {
        var page = await read.ListAsync(scope.Tenant, scope.BotId, limit, continuation: null, cancellationToken);
        return page.Match<Result<IReadOnlyList<TransactionView>>>(
            static found => found.Transactions.Select(TransactionView.Of).ToList(), static error => error);
    }

    public async Task<Result<TransactionView>> FindTransactionAsync(AgentScope scope, string id, CancellationToken cancellationToken) =>
        View(await FindAsync(scope, id, cancellationToken));

    public async Task<Result<TransactionView>> ConfirmAsync(AgentScope scope, string id, CancellationToken cancellationToken)
    {
        var own = await FindAsync(scope, id, cancellationToken);
        return own.IsSuccess ? View(await decide.ConfirmAsync(scope.Tenant, id, cancellationToken)) : own.Error;
    }

    public async Task<Result<TransactionView>> CancelAsync(AgentScope scope, string id, CancellationToken cancellationToken)
    {
        var own = await FindAsync(scope, id, cancellationToken);
        return own.IsSuccess ? View(await decide.CancelAsync(scope.Tenant, id, cancellationToken)) : own.Error;
    }

    private async Task<Result<Transaction>> FindAsync(AgentScope scope, string id, CancellationToken cancellationToken)
    {
        if (!IdFormat.Is(IdPrefix.Transaction, id))
        {
            return Error.NotFound("transaction");
        }

        var found = await read.FindAsync(scope.Tenant, id, cancellationToken);
        return found.IsSuccess && found.Value.BotId != scope.BotId ? Error.NotFound("transaction") : found;
    }

    private static Result<TransactionView> View(Result<Transaction> transaction) =>
        transaction.Match<Result<TransactionView>>(static found => TransactionView.Of(found), static error => error);
}
