using MidnightOS.Core.Agents;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chat;

/// <summary>A message of a user to a bot.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="UserId">The signed-in user.</param>
/// <param name="BotId">The bot.</param>
/// <param name="Text">1 to 8,000 characters.</param>
/// <param name="SessionId">The conversation to go on with; null for a new one.</param>
public sealed record SendMessageRequest(TenantId Tenant, string UserId, string BotId, string Text, string? SessionId)
{
    /// <summary>The id that the request gives the message, so that a repeated request finds it and its answer; null = a new one.</summary>
    public string? MessageId { get; init; }
}

/// <summary>Sends a message to a bot: one turn of a conversation at a time, in order, over all hosts.</summary>
public sealed class SendMessage
{
    /// <summary>Characters (UTF-16) of a message at most.</summary>
    public const int MaxLength = 8000;

    private static readonly Error Lost = new(ErrorCodes.Conflict, "Another message came first.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private readonly IBotReader _bots;
    private readonly IDocumentStore _store;
    private readonly IIdGenerator _ids;
    private readonly TurnLocks _locks;
    private readonly RunTurn _turns;

    internal SendMessage(IBotReader bots, IDocumentStore store, IIdGenerator ids, TurnLocks locks, RunTurn turns) =>
        (_bots, _store, _ids, _locks, _turns) = (bots, store, ids, locks, turns);

    /// <summary>The answer; or <c>INVALID_REQUEST</c>, <c>NOT_FOUND</c> (bot or conversation), <c>INVALID_STATE</c>, <c>CONFLICT</c> when an earlier message still runs.</summary>
    public async Task<Result<ChatAnswer>> RunAsync(SendMessageRequest request, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(request, cancellationToken);
        if (!begun.IsSuccess)
        {
            return begun.Error;
        }

        await using var turn = begun.Value;
        ChatAnswer? answer = null;
        await foreach (var step in turn.RunAsync(cancellationToken))
        {
            answer = (step as ChatEvent.Finished)?.Answer ?? answer;
        }

        return answer is null ? Lost : answer;
    }

    /// <summary>Checks and stores the message and waits for its turn. The errors are those of <see cref="RunAsync"/>; what follows is the stream.</summary>
    /// <returns>The turn; dispose it, also when it was not run to its end.</returns>
    public async Task<Result<ChatTurn>> BeginAsync(SendMessageRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var bot = await CheckAsync(request, cancellationToken);
        if (!bot.IsSuccess)
        {
            return bot.Error;
        }

        var messageId = request.MessageId ?? _ids.New(IdPrefix.Message);
        // A repeated request without a session finds the conversation that its first try made: it has the message's own id.
        var conversationId = request.SessionId ?? IdPrefix.Conversation + messageId[IdPrefix.Message.Length..];
        if (request.SessionId is not null && await FindOwnAsync(request, conversationId, cancellationToken) is null)
        {
            return Error.NotFound("conversation");
        }

        var entered = await _locks.EnterAsync(conversationId, cancellationToken);
        if (!entered.IsSuccess)
        {
            return entered.Error;
        }

        var start = new TurnStart(request.Tenant, request.UserId, request.BotId, conversationId, messageId, request.Text);
        ChatTurn? turn = null;
        try
        {
            var existing = await FindOwnAsync(request, conversationId, cancellationToken);
            turn = await _turns.BeginAsync(bot.Value, start, existing, entered.Value, cancellationToken);
            return turn is null ? Lost : turn;
        }
        finally
        {
            if (turn is null)
            {
                await entered.Value.DisposeAsync();
            }
        }
    }

    private async Task<Result<AgentBot>> CheckAsync(SendMessageRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Text))
        {
            return Error.Invalid("message", "message must not be empty.");
        }

        if (request.Text.Length > MaxLength)
        {
            return Error.Invalid("message", $"message has at most {MaxLength} characters.");
        }

        var bot = await _bots.FindAsync(request.Tenant, request.BotId, cancellationToken);
        return bot.IsSuccess && bot.Value.Status is not (BotStatus.Running or BotStatus.Paused)
            ? new Error(ErrorCodes.InvalidState, "The bot is not running.")
            : bot;
    }

    private async Task<Stored<Conversation>?> FindOwnAsync(SendMessageRequest request, string id, CancellationToken cancellationToken)
    {
        var stored = IdFormat.Is(IdPrefix.Conversation, id)
            ? await _store.ReadAsync<Conversation>(request.Tenant, Conversation.Key(id), cancellationToken)
            : null;
        return stored?.Value is { } conversation && conversation.BotId == request.BotId && conversation.UserId == request.UserId ? stored : null;
    }
}
