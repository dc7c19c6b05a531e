using Microsoft.Extensions.Logging;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Chat;

/// <summary>Closes a turn that has no answer: from the records, saying what was done and that the answer was cut off.</summary>
internal sealed class CloseOpenTurn(IDocumentStore store, ChatJournal journal, RecoverTurn recover, ILogger<CloseOpenTurn> logger)
{
    /// <summary>Closes the turn that a dead host left open.</summary>
    /// <returns>The conversation without it; null when somebody else wrote to the conversation.</returns>
    public async Task<Stored<Conversation>?> RunAsync(TenantId tenant, Stored<Conversation> conversation, CancellationToken cancellationToken)
    {
        var id = conversation.Value.OpenTurn ?? throw new ArgumentException("The conversation has no open turn.", nameof(conversation));
        var message = await store.ReadAsync<Message>(tenant, Message.Key(id), cancellationToken)
            ?? throw new InvalidOperationException($"The message {id} is not stored.");
        var closed = await RunAsync(new OpenTurn(tenant, conversation, message.Value), "", [], cancellationToken);
        return closed?.Conversation;
    }

    /// <summary>Closes a turn that was cut off after a part of its answer.</summary>
    public async Task<ClosedTurn?> RunAsync(OpenTurn turn, string said, IReadOnlyList<ToolCall> calls, CancellationToken cancellationToken)
    {
        AgentLog.TurnClosed(logger, turn.Message.Id);
        var (text, transactionIds) = await recover.RunAsync(ScopeOf(turn), MessageOf(turn), cancellationToken);
        var whole = said.Length == 0 ? text : $"{said}\n\n{text}";
        return await journal.CloseAsync(turn, new TurnAnswer(whole, calls, transactionIds, Interrupted: true), cancellationToken);
    }

    /// <summary>Closes a turn after its user went away or an outage came; what fails here is left to the next message.</summary>
    public async Task TryRunAsync(OpenTurn turn, string said, IReadOnlyList<ToolCall> calls)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await RunAsync(turn, said, calls, soon.Token);
        }
        catch (Exception exception)
        {
            // The turn ends for another reason already; its own exception is the one to report.
            AgentLog.TurnLeftOpen(logger, turn.Message.Id, exception);
        }
    }

    /// <summary>In whose name a turn acts.</summary>
    public static AgentScope ScopeOf(OpenTurn turn)
    {
        var conversation = turn.Conversation.Value;
        return new AgentScope(turn.Tenant, conversation.UserId, conversation.BotId, conversation.Id, turn.Message.Id);
    }

    /// <summary>The message of a turn.</summary>
    public static UserMessage MessageOf(OpenTurn turn) => new(turn.Message.Content, turn.Message.CreatedAt);
}
