namespace MidnightOS.Prover.Upstream;

/// <summary>Leaves a server alone for a while to which calls failed one after the other.</summary>
/// <remarks>
/// After the break it is asked as before, and the first failure leaves it alone again. A circuit that lets a single trial through, as Polly's does, would keep all
/// others away for as long as that one proof takes.
/// </remarks>
internal sealed class UpstreamCircuit(TimeProvider time)
{
    /// <summary>How long a server is left alone.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(15);

    private const int OpensAfter = 2;

    private readonly Lock _gate = new();
    private int _failures;
    private long _failedAt;

    /// <summary>Whether it is left alone now.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _failures >= OpensAfter && time.GetElapsedTime(_failedAt) < Break;
            }
        }
    }

    /// <summary>A call did what it should.</summary>
    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
        }
    }

    /// <summary>A call failed, and the server is at fault.</summary>
    public void Failed()
    {
        lock (_gate)
        {
            _failures++;
            _failedAt = time.GetTimestamp();
        }
    }
}
