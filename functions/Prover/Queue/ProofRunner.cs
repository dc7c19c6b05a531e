using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Proofs;
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

    /// <summary>The task is over, and its job waits again: nobody can prove it now.</summary>
    PutOff,
}

/// <summary>Carries out a task whose turn has come.</summary>
internal sealed class ProofRunner(IProver prover, TenantSlots slots, ProofJobSide jobs, ProofTally tally, ILogger<ProofRunner> logger)
{
    public async Task<ProofTurn> RunAsync(ProofTask task)
    {
        try
        {
            if (await slots.TryTakeAsync(task.Tenant, task.Stopped) is not { } slot)
            {
                return ProofTurn.NoSlot;
            }

            try
            {
                return await WorkAsync(task);
            }
            finally
            {
                await slots.GiveAsync(slot);
            }
        }
        catch (OperationCanceledException) when (task.Stopped.IsCancellationRequested)
        {
            task.Cancel();
        }
        catch (Exception exception)
        {
            QueueLog.Failed(logger, exception, task.Tenant, task.Name ?? "");
            task.Fail(exception);
        }

        return ProofTurn.Over;
    }

    private async Task<ProofTurn> WorkAsync(ProofTask task)
    {
        tally.Began(task);
        if (!await jobs.BeginAsync(task))
        {
            task.Cancel();
            return ProofTurn.Over;
        }

        ProverAnswer? answer = null;
        var turn = ProofTurn.Over;
        try
        {
            answer = task.Call is { } call ? await CallAsync(task, call) : await ProveStoredAsync(task);
        }
        finally
        {
            turn = await SettleAsync(task, answer);
        }

        if (turn is ProofTurn.PutOff)
        {
            task.Cancel();
        }
        else
        {
            task.Finish(answer);
        }

        return turn;
    }

    private async Task<ProverAnswer> CallAsync(ProofTask task, ProofCall call)
    {
        var answer = await call.RunAsync(prover, task.Stopped);
        tally.Learn(task.Tenant, answer, (call as ProofCall.Prove)?.Request.Keys);
        return answer;
    }

    private async Task<ProverAnswer> ProveStoredAsync(ProofTask task)
    {
        if (await jobs.ReadAsync(task) is not { } body)
        {
            return ProverAnswer.Failed(ProofFailureKind.Internal, "The bytes of the request are gone, or cannot be opened.");
        }

        ProveRequest? request = null;
        try
        {
            return ProveRequestParser.TryParseProve(body, out request, out _)
                ? await CallAsync(task, new ProofCall.Prove(request, body))
                : ProverAnswer.Failed(ProofFailureKind.BadInput, "The request is none of the official proof server's.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
            if (MemoryMarshal.TryGetArray(request?.Preimage ?? default, out var witness))
            {
                CryptographicOperations.ZeroMemory(witness);
            }
        }
    }

    // What was proved reaches whoever waits for it also when it cannot be written down.
    private async Task<ProofTurn> SettleAsync(ProofTask task, ProverAnswer? answer)
    {
        try
        {
            var settled = await jobs.SettleAsync(task, answer);
            if (settled is Settlement.NoJob && answer is not null)
            {
                await tally.CountAsync(task.Tenant, task.Call, answer);
            }

            return settled is Settlement.PutOff ? ProofTurn.PutOff : ProofTurn.Over;
        }
        catch (Exception exception)
        {
            QueueLog.NotWritten(logger, exception, task.Tenant, task.Name ?? "");
            return ProofTurn.Over;
        }
    }
}
