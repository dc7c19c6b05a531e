using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Jobs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>How a turn of a task ended.</summary>
internal enum ProofTurn
{
    /// <summary>The task is over.</summary>
    Over,

    /// <summary>As many of its tenant run as may; it goes back into the line.</summary>
    NoSlot,
}

/// <summary>Carries out a task whose turn has come.</summary>
internal sealed class ProofRunner(IProver prover, TenantSlots slots, ProofJobSide jobs, MeterProofs meter, ProofTimes times, KnownCircuits circuits, ILogger<ProofRunner> logger)
{
    public async Task<ProofTurn> RunAsync(ProofTask task)
    {
        Lease? slot = null;
        try
        {
            slot = await slots.TryTakeAsync(task.Tenant, task.Stopped);
            if (slot is null)
            {
                return ProofTurn.NoSlot;
            }

            QueueMetrics.Began(task);
            var answer = task.Call is { } call ? await CallAsync(task, call) : await JobAsync(task);
            if (answer is null)
            {
                task.Cancel();
            }
            else
            {
                task.Finish(answer);
            }
        }
        catch (OperationCanceledException) when (task.Stopped.IsCancellationRequested)
        {
            await jobs.ReturnAsync(task);
            task.Cancel();
        }
        catch (Exception exception)
        {
            // A job stays held until its time is up and is then tried again, so that whatever is wrong has time to pass.
            QueueLog.Failed(logger, exception, task.Tenant, task.Name ?? "");
            task.Fail(exception);
        }
        finally
        {
            if (slot is not null)
            {
                await slots.GiveAsync(slot);
            }
        }

        return ProofTurn.Over;
    }

    /// <summary>Holds the job that a task became while it ran.</summary>
    public Task HoldAsync(ProofTask task, CancellationToken cancellationToken) => jobs.StartAsync(task, cancellationToken);

    private async Task<ProverAnswer?> CallAsync(ProofTask task, ProofCall call)
    {
        if (task.IsJob && await jobs.StartAsync(task, task.Stopped) is null)
        {
            return null;
        }

        var answer = await call.RunAsync(prover, task.Stopped);
        Learn(answer, (call as ProofCall.Prove)?.Request.Keys);
        if (task.IsJob)
        {
            await jobs.FinishAsync(task, answer);
        }
        else if (call is ProofCall.Prove or ProofCall.ProveTransaction && answer.Worked > TimeSpan.Zero)
        {
            await meter.CountAsync(task.Tenant, answer.K, answer.Worked, CancellationToken.None);
        }

        return answer;
    }

    private async Task<ProverAnswer?> JobAsync(ProofTask task)
    {
        if (await jobs.StartAsync(task, task.Stopped) is null)
        {
            return null;
        }

        var body = await jobs.ReadAsync(task);
        try
        {
            var answer = body is null ? ProverAnswer.Failed(ProofFailureKind.Internal, "The bytes of the request are gone.") : await ProveAsync(task, body);
            await jobs.FinishAsync(task, answer);
            return answer;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private async Task<ProverAnswer> ProveAsync(ProofTask task, byte[] body)
    {
        if (!ProveRequestParser.TryParseProve(body, out var request, out _))
        {
            return ProverAnswer.Failed(ProofFailureKind.BadInput, "The request is none of the official proof server's.");
        }

        var answer = await prover.ProveAsync(request, task.Stopped);
        Learn(answer, request.Keys);
        return answer;
    }

    private void Learn(ProverAnswer answer, KeyMaterial? keys)
    {
        if (answer is not { IsDone: true, K: { } k } || answer.Worked <= TimeSpan.Zero)
        {
            return;
        }

        times.Learn(k, answer.Worked);
        if (keys is not null)
        {
            circuits.Learn(keys.Hash, k);
        }
    }
}
