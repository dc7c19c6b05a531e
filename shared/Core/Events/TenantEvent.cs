using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Events;

/// <summary>An event of a tenant's stream.</summary>
/// <param name="Id"><c>evt_</c> and the event's number in the stream, 20 digits: greater ids are later events, and none is missing between two.</param>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="Subject">The id that it is about.</param>
/// <param name="At">When the change was made.</param>
/// <param name="Data">What changed, as in the contract.</param>
public sealed record TenantEvent(string Id, string Type, string Subject, DateTimeOffset At, JsonElement Data)
{
    internal const string Kind = "event";

    /// <summary>How long events are kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    internal static DocumentKey KeyOf(string id) => new(Kind, id);

    internal static TenantEvent From(long number, OutboxRecord record)
    {
        var told = record.Event ?? throw new ArgumentException("The record holds no event.", nameof(record));
        var data = DocumentJson.Deserialize<JsonElement>(told.DataJson);
        return new TenantEvent($"{IdPrefix.Event}{number:D20}", told.Type, told.Subject, record.At, data);
    }
}

/// <summary>The types of events in the contract.</summary>
public static class EventTypes
{
    /// <summary>A bot's status or the progress of its creation or deletion.</summary>
    public const string BotStatus = "bot_status";

    /// <summary>A transaction's status.</summary>
    public const string Transaction = "transaction";

    /// <summary>A treasury proposal.</summary>
    public const string Proposal = "proposal";

    /// <summary>Anything else that a user would want to see in a log of activities.</summary>
    public const string Activity = "activity";
}

/// <summary>The counter of a tenant's event stream.</summary>
/// <param name="Last">The number of the newest event.</param>
internal sealed record EventStream(long Last)
{
    public static readonly DocumentKey Key = new("eventStream", "stream");
}
