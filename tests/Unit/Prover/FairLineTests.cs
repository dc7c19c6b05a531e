using MidnightOS.Core.Identity;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Tests.Unit.Prover;

public sealed class FairLineTests
{
    private static readonly TenantId Ann = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly TenantId Bob = new("ten_01BX5ZZKBKACTAV9WEVGEMMVRZ");

    private readonly FairLine<string> _line = new();

    [Fact]
    public void Take_OneFloods_TheOtherIsNext()
    {
        for (var n = 0; n < 100; n++)
        {
            _line.Add(Ann, 0, $"ann {n}");
        }

        Assert.Equal("ann 0", _line.Take(static _ => true));
        Assert.Equal("ann 1", _line.Take(static _ => true));
        _line.Add(Bob, 0, "bob 0");
        _line.Add(Bob, 0, "bob 1");
        Assert.Equal(["bob 0", "bob 1"], TakeAll(2));
        Assert.Equal(98, _line.Waiting);
    }

    [Fact]
    public void Take_BothWait_TheyTakeTurns()
    {
        foreach (var n in Enumerable.Range(0, 3))
        {
            _line.Add(Ann, 0, $"ann {n}");
            _line.Add(Bob, 0, $"bob {n}");
        }

        List<string> taken = [];
        while (_line.Take(static _ => true) is { } item)
        {
            taken.Add(item[..3]);
            _line.Done(item.StartsWith("ann", StringComparison.Ordinal) ? Ann : Bob);
        }

        Assert.Equal(["ann", "bob", "ann", "bob", "ann", "bob"], taken);
    }

    [Fact]
    public void Take_HigherPriority_GoesFirstWithinItsTenantAlone()
    {
        _line.Add(Ann, 0, "ann normal");
        _line.Add(Bob, 0, "bob normal");
        _line.Add(Ann, 1, "ann urgent");
        Assert.Equal(["ann urgent", "bob normal", "ann normal"], TakeAll(3));
    }

    [Fact]
    public void Take_TenantMayNotBeServed_TheNextIs()
    {
        _line.Add(Ann, 0, "ann");
        _line.Add(Bob, 0, "bob");
        Assert.Equal("bob", _line.Take(static tenant => tenant == Bob));
        Assert.Null(_line.Take(static tenant => tenant == Bob));
        Assert.Equal(1, _line.Waiting);
    }

    [Fact]
    public void AddFirst_PutBack_IsNextAgain()
    {
        _line.Add(Ann, 0, "one");
        _line.Add(Ann, 0, "two");
        var one = _line.Take(static _ => true)!;
        _line.Done(Ann);
        _line.AddFirst(Ann, 0, one);
        Assert.Equal("one", _line.Take(static _ => true));
    }

    [Fact]
    public void Raise_Waiting_GoesAheadWithinItsTenantWhoKeepsItsTurn()
    {
        const string Raised = "ann raised";
        _line.Add(Ann, 0, "ann");
        _line.Add(Ann, 0, Raised);
        _line.Add(Bob, 0, "bob");
        _line.Raise(Ann, 1, Raised);
        _line.Raise(Bob, 1, "not here");
        Assert.Equal((3, 2, 1), (_line.Waiting, _line.WaitingOf(Ann), _line.WaitingOf(Bob)));
        Assert.Equal([Raised, "bob", "ann"], TakeAll(3));
        Assert.Empty(_line.Tenants);
    }

    [Fact]
    public void Raise_TheOnlyOneOfItsTenant_KeepsItsTurn()
    {
        const string Raised = "ann raised";
        _line.Add(Ann, 0, Raised);
        _line.Add(Bob, 0, "bob");
        _line.Raise(Ann, 1, Raised);
        Assert.Equal([Raised, "bob"], TakeAll(2));
    }

    [Fact]
    public void Remove_Waiting_IsNotServed()
    {
        const string Gone = "gone";
        _line.Add(Ann, 0, Gone);
        Assert.True(_line.Remove(Ann, Gone));
        Assert.False(_line.Remove(Ann, Gone));
        Assert.Null(_line.Take(static _ => true));
        Assert.Equal(0, _line.Waiting);
    }

    private string[] TakeAll(int count) => [.. Enumerable.Range(0, count).Select(_ => _line.Take(static _ => true) ?? "nobody")];
}
