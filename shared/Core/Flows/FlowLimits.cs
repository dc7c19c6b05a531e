using System.Text;

namespace MidnightOS.Core.Flows;

/// <summary>What a flow may hand around; the same on both hosts.</summary>
public static class FlowLimits
{
    /// <summary>The longest input, output or event payload, in bytes of UTF-8 JSON: 64 KB, as Durable Functions keeps in a message. What is larger lies in a store and the flow carries its id.</summary>
    public const int MaxPayloadBytes = 64 * 1024;

    /// <summary>The longest custom status, in characters; Durable Functions allows 16 KB of UTF-16.</summary>
    public const int MaxCustomStatusLength = 1024;

    /// <summary>Whether the text is within <see cref="MaxPayloadBytes"/>.</summary>
    public static bool Allows(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json.Length <= MaxPayloadBytes / 3 || Encoding.UTF8.GetByteCount(json) <= MaxPayloadBytes;
    }

    /// <summary>Gives the text back when it is within the limit.</summary>
    /// <param name="json">The payload.</param>
    /// <param name="what">What it is, for the error: "The output of step x".</param>
    /// <exception cref="FlowPayloadTooLargeException">It is larger.</exception>
    public static string Check(string json, string what) => Allows(json) ? json : throw new FlowPayloadTooLargeException(what);
}

/// <summary>A payload above <see cref="FlowLimits.MaxPayloadBytes"/>: a bug of the flow or step that made it.</summary>
public sealed class FlowPayloadTooLargeException(string what)
    : Exception($"{what} is larger than {FlowLimits.MaxPayloadBytes / 1024} KB; store it and pass its id.");
