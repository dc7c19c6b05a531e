using System.Runtime.CompilerServices;
using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Agents.Commands;

/// <summary>Carries out the decisions that a user typed. No language model takes part.</summary>
internal static class RunCommands
{
    /// <summary>Runs them in order; the receipts are the answer.</summary>
    public static async IAsyncEnumerable<AgentEvent> RunAsync(
        AgentTurn turn, IReadOnlyList<HostCommand> commands, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = new AnswerComposer();
        foreach (var command in commands)
        {
            var decided = await DecideAsync(turn, command, cancellationToken);
            var outcome = decided.Match(Describe, error => ToolOutcome.Failed($"{command.Name} {IdOf(command)}".TrimEnd(), error));
            var arguments = JsonSerializer.SerializeToElement(new { id = command.TransactionId }, DocumentJson.Options);
            yield return new AgentEvent.Tool(new ToolCall(command.Name, arguments, outcome.Data, decided.IsSuccess ? "succeeded" : "failed")
            {
                TransactionIds = [.. outcome.Transactions.Select(static t => t.Id)],
                Receipt = outcome.Receipt,
            });
            yield return new AgentEvent.Text(answer.Block(outcome.Receipt));
        }
    }

    private static Task<Result<TransactionView>> DecideAsync(AgentTurn turn, HostCommand command, CancellationToken cancellationToken) =>
        !IdFormat.Is(IdPrefix.Transaction, command.TransactionId) ? Task.FromResult<Result<TransactionView>>(Error.NotFound("transaction"))
        : command.Confirms ? turn.Wallet.ConfirmAsync(turn.Scope, command.TransactionId, cancellationToken)
        : turn.Wallet.CancelAsync(turn.Scope, command.TransactionId, cancellationToken);

    private static string IdOf(HostCommand command) => IdFormat.Is(IdPrefix.Transaction, command.TransactionId) ? command.TransactionId : "";

    private static ToolOutcome Describe(TransactionView transaction) => new()
    {
        Data = JsonSerializer.SerializeToElement(new { status = "succeeded", data = new { transaction } }, DocumentJson.Options),
        Receipt = ReceiptRenderer.Transaction(transaction),
        Transactions = [transaction],
        Spends = true,
    };
}
