using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MidnightOS.Prover.Queue;

/// <summary>Makes room for who waits too long: a turn has no end that the line could wait for, and a tenant with several long ones would hold every place.</summary>
internal sealed class ProofRoom(ProofLine line, IOptions<ProverOptions> options, TimeProvider time, ILogger<ProofRoom> logger) : RepeatedWork(logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override Task WorkAsync(CancellationToken cancellationToken)
    {
        if (line.MakeRoom(options.Value.YieldAfter) is { } task)
        {
            QueueLog.MadeRoom(logger, task.Tenant, task.Name ?? "");
        }

        return Task.CompletedTask;
    }

    protected override Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(LookEvery, time, cancellationToken);
}
