using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Prover.Jobs;

/// <summary>Shows jobs, with what is known of how long they take.</summary>
internal sealed class JobViews(ReadProof read, ProofTimes times, ProofSignal signal, KnownCircuits circuits, TimeProvider time)
{
    // What another host changes is seen after this long at the latest; a connection that is silent for longer may be taken for dead.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    // An idle connection is not held open for longer than a host in the cloud would: who watches on connects again.
    private static readonly TimeSpan WatchFor = TimeSpan.FromSeconds(60);

    /// <summary>The size of a circuit that was proved here for the tenant before; null when it was not.</summary>
    public int? KOf(TenantId tenant, ProveRequest request) => request.Keys is { } keys ? circuits.Find(tenant, keys.Hash) : null;

    /// <summary>A job without its place in the line.</summary>
    public JobView Of(ProofJob job) => JobView.Of(job, position: null, times, time.GetUtcNow());

    /// <summary>A job with its place in the line.</summary>
    public async Task<JobView> OfAsync(TenantId tenant, ProofJob job, CancellationToken cancellationToken) =>
        JobView.Of(job, await read.PositionAsync(tenant, job, cancellationToken), times, time.GetUtcNow());

    /// <summary>A job each time that what is seen of it changes, to its end.</summary>
    public async IAsyncEnumerable<JobView> WatchAsync(TenantId tenant, ProofJob first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + WatchFor;
        (ProofJobStatus, int?)? shown = null;
        using var follower = signal.Follow(tenant, first.Id);
        while (true)
        {
            var change = follower.NextChangeAsync();
            if (await read.FindAsync(tenant, first.Id, cancellationToken) is not { } job)
            {
                yield break;
            }

            var view = await OfAsync(tenant, job, cancellationToken);
            if (shown != (view.State, view.Position))
            {
                shown = (view.State, view.Position);
                yield return view;
            }

            if (ProofJobTransitions.IsFinal(job.Status) || time.GetUtcNow() >= until)
            {
                yield break;
            }

            await Task.WhenAny(change, Task.Delay(LookAgainAfter, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>The sizes of the circuits that were proved here, by tenant and keys: none learns what another proves.</summary>
internal sealed class KnownCircuits
{
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<(TenantId Tenant, string KeysHash), int> _sizes = new();

    public int? Find(TenantId tenant, string keysHash) => _sizes.TryGetValue((tenant, keysHash), out var k) ? k : null;

    public void Learn(TenantId tenant, string keysHash, int k)
    {
        if (_sizes.Count >= MostRemembered)
        {
            _sizes.Clear();
        }

        _sizes[(tenant, keysHash)] = k;
    }
}
