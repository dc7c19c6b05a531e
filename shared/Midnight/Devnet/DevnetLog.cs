using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace MidnightOS.Midnight.Devnet;

/// <summary>What the devnet's supervisor logs, and what the devnet itself says. Event ids 5220–5239.</summary>
internal static partial class DevnetLog
{
    [LoggerMessage(5220, LogLevel.Information, "Devnet process {Process} is ready: indexer {Indexer}, node {Node}, height {Height}")]
    public static partial void Ready(ILogger logger, int process, Uri indexer, Uri node, long height);

    [LoggerMessage(5221, LogLevel.Warning, "The devnet ended unexpectedly; it starts again in {Pause}")]
    public static partial void Restarting(ILogger logger, Exception? exception, TimeSpan pause);

    [LoggerMessage(5222, LogLevel.Information, "Devnet process {Process} ended with code {Code}")]
    public static partial void Ended(ILogger logger, int process, int code);

    /// <summary>Passes a line of the devnet on at the level that it names.</summary>
    public static void Forward(ILogger logger, string line)
    {
        var level = LevelOf(line);
        Said(logger, level, line);
    }

    [LoggerMessage(EventId = 5223, Message = "Devnet: {Line}")]
    private static partial void Said(ILogger logger, LogLevel level, string line);

    /// <summary>What a line says, for people; a line that is no log line is taken as it is.</summary>
    public static string MessageOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DevnetJson.Default.DevnetLine)?.Message ?? line;
        }
        catch (JsonException)
        {
            return line;
        }
    }

    private static LogLevel LevelOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DevnetJson.Default.DevnetLine)?.Level switch
            {
                "error" => LogLevel.Error,
                "warn" => LogLevel.Warning,
                _ => LogLevel.Debug,
            };
        }
        catch (JsonException)
        {
            // Node itself writes plain text when it cannot go on.
            return LogLevel.Warning;
        }
    }
}
