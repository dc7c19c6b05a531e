using MidnightOS.Core.Agents.Commands;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Agents;

/// <summary>Finds out from the records what a turn has done whose host died, or that was cut off.</summary>
internal sealed class RecoverTurn(IBotWallet wallet, IIdGenerator ids)
{
    private const string Interrupted = "I was interrupted before I could finish my answer to this message.";

    /// <summary>The honest end of the answer, and the transactions that the message made or decided on.</summary>
    public async Task<(string Text, IReadOnlyList<string> TransactionIds)> RunAsync(
        AgentScope scope, UserMessage message, CancellationToken cancellationToken)
    {
        var commanded = HostCommand.Parse(message.Text).Select(static command => command.TransactionId);
        var possible = Enumerable.Range(0, AgentOptions.MostToolCalls).Select(index => SpendId.Of(ids, scope, message.At, index));
        var found = new List<TransactionView>();
        foreach (var id in commanded.Concat(possible).Distinct(StringComparer.Ordinal))
        {
            var transaction = await wallet.FindTransactionAsync(scope, id, cancellationToken);
            if (transaction.IsSuccess)
            {
                found.Add(transaction.Value);
            }
            else if (transaction.Error.Code != ErrorCodes.NotFound)
            {
                return ($"{Interrupted}\n\nI could not read its records: {transaction.Error.Message}", []);
            }
        }

        var facts = found.Count == 0 ? "No transaction of it is recorded." : string.Join("\n\n", found.Select(ReceiptRenderer.Transaction));
        return ($"{Interrupted}\n\n{facts}", [.. found.Select(static transaction => transaction.Id)]);
    }
}
