using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents.Guards;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Core.Agents;

/// <summary>Lets a language model answer one message with the bot's tools, within bounds: rounds, tool calls, text and time.</summary>
internal sealed class AgentLoop(
    IChatClientProvider models, AgentTools tools, IOptions<AgentOptions> options, TimeProvider time, ILogger<AgentLoop> logger)
{
    private readonly AgentOptions _options = options.Value;

    /// <summary>Runs the turn. The text events in order are the answer.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="history">The conversation before the message, oldest first.</param>
    /// <param name="cancellationToken">The user went away.</param>
    public async IAsyncEnumerable<AgentEvent> RunAsync(
        AgentTurn turn, IReadOnlyList<ChatMessage> history, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = new LoopState(turn, tools.For(turn), Begin(turn, history), time.GetTimestamp());
        var client = models.For(turn.Bot);
        using var measured = AgentTelemetry.Turn(state, time);
        while (state.Round++ < _options.MaxRounds && !state.IsOver)
        {
            await foreach (var step in RunRoundAsync(client, state, cancellationToken))
            {
                yield return step;
            }
        }

        measured.Ended();
        foreach (var text in Close(state))
        {
            yield return text;
        }
    }

    private static List<ChatMessage> Begin(AgentTurn turn, IReadOnlyList<ChatMessage> history) =>
        [Instructions.For(turn.Bot), .. history, new ChatMessage(ChatRole.User, turn.Message.Text)];

    private async IAsyncEnumerable<AgentEvent> RunRoundAsync(
        IChatClient client, LoopState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var calls = new List<FunctionCallContent>();
        var said = new StringBuilder();
        var settings = new ChatOptions { Tools = [.. state.Tools], ModelId = state.Turn.Bot.Model };
        await using var call = ModelCall.Start(client, state.Messages, settings, (time, TimeLeft(state)), cancellationToken);
        using var measured = AgentTelemetry.Call(client, call, time);
        while (await call.NextAsync() is { } update)
        {
            AgentTelemetry.Spent(update.Contents);
            calls.AddRange(update.Contents.OfType<FunctionCallContent>().Take(_options.MaxToolCalls + 1 - calls.Count));
            var piece = string.Concat(update.Contents.OfType<TextContent>().Select(static content => content.Text));
            said.Append(piece = state.Cap(piece, _options.MaxTextCharacters));
            if (state.Say(piece) is { Length: > 0 } shown)
            {
                yield return new AgentEvent.Text(shown);
            }
        }

        if (state.EndOfText() is { Length: > 0 } rest)
        {
            yield return new AgentEvent.Text(rest);
        }

        state.IsOver = call.Failure is not null || calls.Count == 0;
        if (call.Failure is { } failure)
        {
            AgentLog.ModelFailed(logger, state.Turn.Bot.Id, state.Round, failure);
            state.Failed = true;
            yield break;
        }

        await foreach (var step in RunToolsAsync(state, said.ToString(), calls, cancellationToken))
        {
            yield return step;
        }
    }

    // In the order of the model's calls, one after the other: a later spend sees the reservation of an earlier one.
    private async IAsyncEnumerable<AgentEvent> RunToolsAsync(
        LoopState state, string said, List<FunctionCallContent> calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var results = new List<AIContent>();
        foreach (var call in calls)
        {
            if (state.Turn.CallIndex >= _options.MaxToolCalls)
            {
                (state.IsOver, state.Stopped) = (true, true);
                yield break;
            }

            var (outcome, shown) = await ToolRunner.RunAsync(state, call, logger, cancellationToken);
            state.Turn.CallIndex++;
            state.Turn.Facts.Add(outcome);
            results.Add(new FunctionResultContent(call.CallId ?? "", outcome.Data));
            yield return new AgentEvent.Tool(shown);
            yield return new AgentEvent.Text(state.Answer.Block(outcome.Receipt));
        }

        state.Messages.Add(new ChatMessage(ChatRole.Assistant, [new TextContent(said), .. calls]));
        state.Messages.Add(new ChatMessage(ChatRole.Tool, results));
    }

    private IEnumerable<AgentEvent> Close(LoopState state)
    {
        var withheld = state.Filter.Withheld;
        if (state.Stopped || !state.IsOver)
        {
            AgentLog.Stopped(logger, state.Turn.Bot.Id, state.Round, state.Turn.CallIndex);
            yield return Host(state, "I stopped here: this message took too many steps. What the receipts above say is all that was done.");
        }

        if (state.Failed)
        {
            yield return Host(state, "My language model did not answer. " + (state.Turn.CallIndex == 0
                ? "Nothing was done for this message; please try again."
                : "What the receipts above say is all that was done."));
        }

        if (withheld > 0)
        {
            AgentLog.SentencesWithheld(logger, state.Turn.Bot.Id, withheld);
            yield return Host(state, "(I left out what I could not back with the records of this turn.)");
        }

        if (state.Answer.IsEmpty)
        {
            yield return Host(state, "I have no answer to that. Ask me for help to see what I can do.");
        }
    }

    private static AgentEvent.Text Host(LoopState state, string text) => new(state.Answer.Block(text));

    private TimeSpan TimeLeft(LoopState state)
    {
        var left = _options.TurnTimeout - time.GetElapsedTime(state.StartedAt);
        var limit = left < _options.ModelTimeout ? left : _options.ModelTimeout;
        return limit > TimeSpan.Zero ? limit : TimeSpan.Zero;
    }
}

/// <summary>Where a loop is.</summary>
internal sealed class LoopState(AgentTurn turn, IReadOnlyList<BotTool> tools, List<ChatMessage> messages, long startedAt)
{
    private int _characters;

    public AgentTurn Turn => turn;

    public IReadOnlyList<BotTool> Tools => tools;

    public List<ChatMessage> Messages => messages;

    public long StartedAt => startedAt;

    public AnswerComposer Answer { get; } = new();

    public MoneySentenceFilter Filter { get; } = new(turn.Facts, turn.Message.Text, turn.Bot.Name);

    public int Round { get; set; }

    public bool IsOver { get; set; }

    public bool Stopped { get; set; }

    public bool Failed { get; set; }

    /// <summary>The part of a piece that the turn's bound of text leaves.</summary>
    public string Cap(string piece, int max)
    {
        var room = Math.Max(0, max - _characters);
        var capped = piece.Length <= room ? piece : piece[..room];
        _characters += capped.Length;
        return capped;
    }

    /// <summary>What may be shown after this piece of the model's text.</summary>
    public string Say(string piece) => Answer.Run(Filter.Push(piece));

    /// <summary>What may be shown at the end of the model's text.</summary>
    public string EndOfText() => Answer.Run(Filter.Flush());
}
