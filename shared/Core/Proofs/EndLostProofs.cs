using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Proofs;

/// <summary>Ends jobs that nobody will prove any more, so that whoever waits for them is told: those whose message was lost or expired, after <see cref="ProofOptions.WaitLimit"/>. Those of
/// holders that are gone wait again.</summary>
/// <remarks>Where jobs are found by looking into the store, whoever looks does this on the way too.</remarks>
public sealed class EndLostProofs(FindProofWork find, TimeProvider time) : IBackgroundWork
{
    private const int JobsAtOnce = 100;

    /// <inheritdoc/>
    public string Name => "lost-proofs";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        foreach (var marker in await find.MarkersAsync(cancellationToken))
        {
            if (time.GetElapsedTime(started) > budget)
            {
                return true;
            }

            await find.LookAsync(marker, JobsAtOnce, cancellationToken);
        }

        return false;
    }
}
