using System.Collections.Concurrent;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Tests.Unit.Agents;

/// <summary>A wallet at the edge: keeps what was asked of it, and transactions by id as the real one does.</summary>
internal sealed class FakeWallet : IBotWallet
{
    private readonly ConcurrentDictionary<string, TransactionView> _transactions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SpendRequest> _asked = new();

    /// <summary>Every call of send, in order.</summary>
    public IReadOnlyList<SpendRequest> Asked => [.. _asked];

    /// <summary>Every transaction.</summary>
    public IReadOnlyCollection<TransactionView> Transactions => [.. _transactions.Values];

    /// <summary>What refuses each send; null = nothing.</summary>
    public Error? Refusal { get; set; }

    /// <summary>Runs after a send was recorded and before it is answered.</summary>
    public Func<Task> AfterSend { get; set; } = static () => Task.CompletedTask;

    /// <summary>Runs before the wallet is read.</summary>
    public Func<CancellationToken, Task> BeforeGet { get; set; } = static _ => Task.CompletedTask;

    public void Put(TransactionView transaction) => _transactions[transaction.Id] = transaction;

    public async Task<Result<WalletView>> GetAsync(AgentScope scope, CancellationToken cancellationToken)
    {
        await BeforeGet(cancellationToken);
        return Records.Wallet();
    }

    public async Task<Result<TransactionView>> SendAsync(AgentScope scope, SpendRequest request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request);
        if (Refusal is { } refusal)
        {
            return refusal;
        }

        var status = request.Confirmed ? TransactionStatus.Requested : TransactionStatus.AwaitingConfirmation;
        var made = _transactions.GetOrAdd(request.TransactionId, id => Records.Transaction(status, id, request.Amount, request.To, note: request.Note));
        await AfterSend();
        return made;
    }

    public Task<Result<IReadOnlyList<TransactionView>>> HistoryAsync(AgentScope scope, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<Result<IReadOnlyList<TransactionView>>>(_transactions.Values.OrderByDescending(static t => t.Id, StringComparer.Ordinal).Take(limit).ToList());

    public Task<Result<TransactionView>> FindTransactionAsync(AgentScope scope, string id, CancellationToken cancellationToken) => Task.FromResult(Find(id));

    public Task<Result<TransactionView>> ConfirmAsync(AgentScope scope, string id, CancellationToken cancellationToken) =>
        Task.FromResult(Move(id, TransactionStatus.Requested));

    public Task<Result<TransactionView>> CancelAsync(AgentScope scope, string id, CancellationToken cancellationToken) =>
        Task.FromResult(Move(id, TransactionStatus.Cancelled));

    private Result<TransactionView> Find(string id) =>
        _transactions.TryGetValue(id, out var transaction) ? transaction : Error.NotFound("transaction");

    private Result<TransactionView> Move(string id, TransactionStatus status)
    {
        var found = Find(id);
        if (!found.IsSuccess || found.Value.Status is not TransactionStatus.AwaitingConfirmation)
        {
            return found.IsSuccess ? new Error(ErrorCodes.InvalidState, "It does not wait.") : found;
        }

        return _transactions[id] = found.Value with { Status = status };
    }
}
