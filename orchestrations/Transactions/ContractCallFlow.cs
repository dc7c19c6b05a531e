using MidnightOS.Core.Contracts;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Orchestrations.Transactions;

/// <summary>Carries a contract call through: build → have its proofs made → submit → monitor → its end, and then erases what only it needed.</summary>
/// <remarks>The record decides, as in <see cref="TransactionFlow"/>; word of a proof that is lost costs time and nothing else.</remarks>
public sealed class ContractCallFlow : IFlow<TransactionRef, TransactionStatus>
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<TransactionStatus> RunAsync(IFlowContext context, TransactionRef input)
    {
        var status = (await FlowRetries.InsistAsync(context, TransactionFlowNames.Inspect, input)).Status;
        while (!TransactionTransitions.IsFinal(status))
        {
            context.SetCustomStatus(status.ToString());
            status = status switch
            {
                TransactionStatus.Requested or TransactionStatus.Building => await BuiltAsync(context, input),
                TransactionStatus.Proving => await ProvedAsync(context, input),
                TransactionStatus.Submitted => await TransactionFlow.SettledAsync(context, input),
                _ => throw new InvalidOperationException($"A contract call is {status}."),
            };
        }

        return await FlowRetries.InsistAsync(context, ContractCallFlowNames.End, input);
    }

    private static async Task<TransactionStatus> BuiltAsync(IFlowContext context, TransactionRef input)
    {
        try
        {
            return (await context.CallAsync(ContractCallFlowNames.Build, input, FlowRetries.Patient)).Status;
        }
        catch (StepFailedException)
        {
            return await TransactionFlow.GiveUpAsync(
                context, new GiveUpInput(input, TransactionAction.Fail, "It could not be built: the network or the ledger did not answer. Nothing was done."));
        }
    }

    private static async Task<TransactionStatus> ProvedAsync(IFlowContext context, TransactionRef input)
    {
        var look = FirstLook;
        while (true)
        {
            CallProofOutcome proved;
            try
            {
                proved = await context.CallAsync(ContractCallFlowNames.Prove, input, FlowRetries.Patient);
            }
            catch (StepFailedException)
            {
                return await TransactionFlow.GiveUpAsync(
                    context, new GiveUpInput(input, TransactionAction.Fail, "Its proofs could not be made: the network or the ledger did not answer. Nothing was done."));
            }

            if (!proved.Waits)
            {
                return proved.Status is TransactionStatus.Proving ? await TransactionFlow.SubmitAsync(context, input) : proved.Status;
            }

            await context.WaitForEventAsync<string>(ProofFlowEvents.Ended, look);
            look = look * 2 < LongestLook ? look * 2 : LongestLook;
        }
    }
}
