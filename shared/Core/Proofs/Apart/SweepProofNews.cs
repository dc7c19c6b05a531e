using Microsoft.Extensions.Logging;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>Finds records of jobs that nobody was told of.</summary>
internal sealed class SweepProofNews(IDirectory directory, ForwardProofNews forward, TimeProvider time, ILogger<SweepProofNews> logger) : IBackgroundWork
{
    private readonly SweepTenants _tenants = new(directory, ProofArea.Outbox, forward.CarryAsync, time, logger);

    public string Name => "proof-news";

    public TimeSpan Interval => OutboxTimes.LookAgainAfter;

    public Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken) => _tenants.RunAsync(budget, cancellationToken);
}
