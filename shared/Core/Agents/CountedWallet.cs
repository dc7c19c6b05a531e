using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Agents;

/// <summary>Counts every spend, confirmation and cancellation of a chat under the limit of spends, one by one: a message may hold many.</summary>
/// <remarks>As with requests, what is refused afterwards counts too; otherwise guessing would be free.</remarks>
internal sealed class CountedWallet(IBotWallet wallet, ISpendRate rate) : IBotWallet
{
    public Task<Result<WalletView>> GetAsync(AgentScope scope, CancellationToken cancellationToken) => wallet.GetAsync(scope, cancellationToken);

    public async Task<Result<TransactionView>> SendAsync(AgentScope scope, SpendRequest request, CancellationToken cancellationToken) =>
        await CountAsync(scope, cancellationToken) is { } refused ? refused : await wallet.SendAsync(scope, request, cancellationToken);

    public Task<Result<IReadOnlyList<TransactionView>>> HistoryAsync(AgentScope scope, int limit, CancellationToken cancellationToken) =>
        wallet.HistoryAsync(scope, limit, cancellationToken);

    public Task<Result<TransactionView>> FindTransactionAsync(AgentScope scope, string id, CancellationToken cancellationToken) =>
        wallet.FindTransactionAsync(scope, id, cancellationToken);

    public async Task<Result<TransactionView>> ConfirmAsync(AgentScope scope, string id, CancellationToken cancellationToken) =>
        await CountAsync(scope, cancellationToken) is { } refused ? refused : await wallet.ConfirmAsync(scope, id, cancellationToken);

    public async Task<Result<TransactionView>> CancelAsync(AgentScope scope, string id, CancellationToken cancellationToken) =>
        await CountAsync(scope, cancellationToken) is { } refused ? refused : await wallet.CancelAsync(scope, id, cancellationToken);

    private Task<Error?> CountAsync(AgentScope scope, CancellationToken cancellationToken) => rate.CountAsync(scope.Tenant, scope.UserId, cancellationToken);
}
