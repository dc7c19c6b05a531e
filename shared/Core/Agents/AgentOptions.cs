namespace MidnightOS.Core.Agents;

/// <summary>The bounds of an agent's work on one message, section <c>Agents</c>.</summary>
public sealed class AgentOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Agents";

    internal const int MostToolCalls = 32;

    /// <summary>Calls of the language model for one message.</summary>
    public int MaxRounds { get; set; } = 6;

    /// <summary>Tool calls for one message; the same bound is searched for records after a crash.</summary>
    public int MaxToolCalls { get; set; } = 8;

    /// <summary>Characters of the model's text in one message; what goes beyond is cut off.</summary>
    public int MaxTextCharacters { get; set; } = 16_000;

    /// <summary>How long one call of the language model may take, its stream included.</summary>
    public TimeSpan ModelTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the whole answer may take; an HTTP answer has 230 seconds in all.</summary>
    public TimeSpan TurnTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Earlier messages that the model sees.</summary>
    public int HistoryMessages { get; set; } = 30;

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        MaxRounds is < 1 or > 20 ? $"{Section}:MaxRounds lies between 1 and 20."
        : MaxToolCalls is < 1 or > MostToolCalls ? $"{Section}:MaxToolCalls lies between 1 and {MostToolCalls}."
        : MaxTextCharacters is < 100 or > 100_000 ? $"{Section}:MaxTextCharacters lies between 100 and 100,000."
        : ModelTimeout < TimeSpan.FromSeconds(1) || ModelTimeout > TimeSpan.FromMinutes(3) ? $"{Section}:ModelTimeout lies between 1 second and 3 minutes."
        : TurnTimeout < TimeSpan.FromSeconds(1) || TurnTimeout > TimeSpan.FromMinutes(3) ? $"{Section}:TurnTimeout lies between 1 second and 3 minutes."
        : HistoryMessages is < 0 or > 200 ? $"{Section}:HistoryMessages lies between 0 and 200."
        : null;
}
