using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Queue;

/// <summary>Lines of tenants, served in turn: next is the tenant of whom the fewest run, and among those the one that was served the longest ago. One tenant's
/// flood makes its own line longer and nobody else's. Not safe for several threads.</summary>
internal sealed class FairLine<T>
    where T : class
{
    private readonly Dictionary<TenantId, Line> _lines = [];
    private long _served;

    /// <summary>How many wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>The tenants who wait.</summary>
    public IEnumerable<TenantId> Tenants => _lines.Where(static line => line.Value.Places.Count > 0).Select(static line => line.Key);

    /// <summary>How many of a tenant wait.</summary>
    public int WaitingOf(TenantId tenant) => _lines.TryGetValue(tenant, out var line) ? line.Places.Count : 0;

    /// <summary>The next item of each tenant that waits and of whom none runs.</summary>
    public IEnumerable<T> Idle => _lines.Values.Where(static line => line is { Running: 0, Places.Count: > 0 }).Select(static line => line.Places[0].Item);

    /// <summary>Puts an item at the end of its tenant's line, behind all of its priority or a higher one.</summary>
    public void Add(TenantId tenant, int priority, T item) => Insert(tenant, new Place(priority, item), static (place, other) => other.Priority >= place.Priority);

    /// <summary>Puts back an item that was taken but cannot be served yet, before all of its priority.</summary>
    public void AddFirst(TenantId tenant, int priority, T item) => Insert(tenant, new Place(priority, item), static (place, other) => other.Priority > place.Priority);

    /// <summary>Moves an item that waits behind all of a priority, its tenant keeping its turn.</summary>
    public void Raise(TenantId tenant, int priority, T item)
    {
        if (_lines.TryGetValue(tenant, out var line) && line.Places.RemoveAll(place => ReferenceEquals(place.Item, item)) > 0)
        {
            Waiting--;
            Add(tenant, priority, item);
        }
    }

    /// <summary>Takes an item out that shall not be served.</summary>
    /// <returns>Whether it waited.</returns>
    public bool Remove(TenantId tenant, T item)
    {
        if (!_lines.TryGetValue(tenant, out var line) || line.Places.RemoveAll(place => ReferenceEquals(place.Item, item)) == 0)
        {
            return false;
        }

        Waiting--;
        Forget(tenant, line);
        return true;
    }

    /// <summary>Takes the next item and counts it as running.</summary>
    /// <param name="mayServe">Whether a tenant may be served now.</param>
    /// <returns>The item; null when nobody waits who may be served.</returns>
    public T? Take(Func<TenantId, bool> mayServe)
    {
        (TenantId Tenant, Line Line)? best = null;
        foreach (var (tenant, line) in _lines)
        {
            if (line.Places.Count > 0 && mayServe(tenant) && (best is null || line.IsBefore(best.Value.Line)))
            {
                best = (tenant, line);
            }
        }

        if (best is not { } next)
        {
            return null;
        }

        var item = next.Line.Places[0].Item;
        next.Line.Places.RemoveAt(0);
        next.Line.Running++;
        next.Line.ServedAt = ++_served;
        Waiting--;
        return item;
    }

    /// <summary>Counts an item that was taken as no longer running.</summary>
    public void Done(TenantId tenant)
    {
        var line = _lines[tenant];
        line.Running--;
        Forget(tenant, line);
    }

    private void Insert(TenantId tenant, Place place, Func<Place, Place, bool> isAhead)
    {
        if (!_lines.TryGetValue(tenant, out var line))
        {
            // Who has not been here for a while is as good as served just now: coming and going gives no advantage.
            _lines.Add(tenant, line = new Line { ServedAt = _served });
        }

        var at = line.Places.FindLastIndex(other => isAhead(place, other)) + 1;
        line.Places.Insert(at, place);
        Waiting++;
    }

    private void Forget(TenantId tenant, Line line)
    {
        if (line is { Running: 0, Places.Count: 0 })
        {
            _lines.Remove(tenant);
        }
    }

    private sealed record Place(int Priority, T Item);

    private sealed class Line
    {
        public List<Place> Places { get; } = [];

        public int Running { get; set; }

        public long ServedAt { get; set; }

        public bool IsBefore(Line other) => (Running, ServedAt).CompareTo((other.Running, other.ServedAt)) < 0;
    }
}
