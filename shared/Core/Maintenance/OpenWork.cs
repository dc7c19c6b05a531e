using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Maintenance;

/// <summary>Marks tenants that have flows under way (transfers, creations and deletions of bots), so that any instance finds work whose flow was lost.</summary>
/// <remarks>One marker serves all work of a tenant; a process sets it again only every few minutes.</remarks>
public sealed class OpenWork(IDirectory directory, TimeProvider time)
{
    /// <summary>The queue of the markers.</summary>
    public const string Queue = "open-work";

    /// <summary>A tenant is looked at this long after its marker was set, and again after this long while work is open.</summary>
    public static readonly TimeSpan LookAfter = TimeSpan.FromMinutes(10);

    /// <summary>A marker without open work falls this long after it was last set: the time that a process relies on it and far longer than a commit takes.</summary>
    public static readonly TimeSpan ClearAfter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan MarkAgainAfter = TimeSpan.FromMinutes(5);

    private readonly DueMarks _marks = new(directory, time, Queue, MarkAgainAfter);

    /// <summary>Says, before it is stored, that a flow will be under way.</summary>
    public Task MarkAsync(TenantId tenant, CancellationToken cancellationToken) => _marks.SetAsync(tenant, LookAfter, cancellationToken);
}
