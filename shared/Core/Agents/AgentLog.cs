using Microsoft.Extensions.Logging;

namespace MidnightOS.Core.Agents;

/// <summary>What agents and chats log. Never the text of a message.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(4101, LogLevel.Warning, "The language model of bot {BotId} failed in round {Round}")]
    public static partial void ModelFailed(ILogger logger, string botId, int round, Exception exception);

    [LoggerMessage(4102, LogLevel.Warning, "{Count} sentences of the model of bot {BotId} were withheld: the turn's records do not bear them out")]
    public static partial void SentencesWithheld(ILogger logger, string botId, int count);

    [LoggerMessage(4103, LogLevel.Warning, "The model of bot {BotId} asked for a tool that the bot does not have")]
    public static partial void UnknownTool(ILogger logger, string botId);

    [LoggerMessage(4104, LogLevel.Warning, "The model of bot {BotId} was stopped after {Rounds} rounds and {Calls} tool calls")]
    public static partial void Stopped(ILogger logger, string botId, int rounds, int calls);

    [LoggerMessage(4111, LogLevel.Warning, "The turn of message {MessageId} was not finished; it is closed from the records")]
    public static partial void TurnClosed(ILogger logger, string messageId);

    [LoggerMessage(4112, LogLevel.Error, "The turn of message {MessageId} could not be closed now; the next message closes it")]
    public static partial void TurnLeftOpen(ILogger logger, string messageId, Exception exception);
}
