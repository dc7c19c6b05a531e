namespace MidnightOS.Tests.Soak.Load;

/// <summary>The running mix: in each tenant one who creates and deletes bots, and some who pay. One tenant less than asked for: the last joins amid the faults.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private const int PayersEach = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TenantSession> _sessions = [];
    private readonly List<Task> _running = [];
    private readonly Uri _address;
    private readonly SoakOptions _options;
    private readonly Oracle _oracle;
    private readonly Findings _findings;
    private readonly CancellationToken _cancellationToken;

    public LoadGenerator(Uri address, SoakOptions options, Oracle oracle, Findings findings, CancellationToken cancellationToken)
    {
        (_address, _options, _oracle, _findings, _cancellationToken) = (address, options, oracle, findings, cancellationToken);
        for (var number = 1; number < options.Tenants; number++)
        {
            Join();
        }
    }

    /// <summary>One more tenant signs up.</summary>
    public void Join()
    {
        var session = new TenantSession(_address, _findings);
        _sessions.Add(session);
        _running.Add(RunAsync(new Settler(session, _oracle, _findings, NextRandom())));
        for (var payer = 0; payer < PayersEach; payer++)
        {
            _running.Add(RunAsync(new Payer(session, _oracle, _findings, NextRandom())));
        }
    }

    /// <summary>Begins nothing new, and waits until everything that was asked for has its answer.</summary>
    /// <returns>Whether that came in time.</returns>
    public async Task<bool> FinishAsync(TimeSpan patience)
    {
        await _stopping.CancelAsync();
        var all = Task.WhenAll(_running);
        return await Task.WhenAny(all, Task.Delay(patience, _cancellationToken)) == all;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _sessions.ForEach(static session => session.Dispose());
    }

    private Random NextRandom() => new(unchecked((_options.Seed * 397) + _running.Count));

    private async Task RunAsync(Actor actor)
    {
        await Task.Yield();
        try
        {
            await actor.RunAsync(_stopping.Token, _cancellationToken);
        }
        catch (SoakLoadException)
        {
            _findings.Count("parts of the load that ended early");
        }
        catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            _findings.Violated($"The load met what it does not know: {exception.GetType().Name} {exception.Message}");
        }
    }
}
