using System.Security.Cryptography;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>Contract calls by the pool of ledger processes. No seed goes with them.</summary>
internal sealed class ContractLedger(LedgerPool pool) : IContractLedger
{
    // How the worker names the one call of a transaction (ledger/README.md).
    private const string Location = "call/0";

    public async Task<Result<BuiltTransaction>> BuildCallAsync(CallPlan plan, CancellationToken cancellationToken)
    {
        var request = new LedgerRequest("call")
        {
            Network = plan.Network.Name,
            Ttl = plan.Ttl.ToUnixTimeSeconds(),
            Calls = [new LedgerContractCall(plan.Address, plan.EntryPoint)],
        };
        var answer = await CallAsync(
            request, cancellationToken, plan.Contract.LedgerParameters, plan.Contract.State, plan.Witness, plan.Keys.VerifierKey, plan.Keys.Ir);
        return LedgerPool.TryRead(answer, out var result, out _)
            ? new BuiltTransaction(answer.Body, result.ProofsRequired)
            : LedgerErrors.OfCall(answer.Header.Error);
    }

    public async Task<Result<WantedProof>> WantedProofAsync(BuiltTransaction built, CircuitKeys keys, int index, CancellationToken cancellationToken)
    {
        var request = new LedgerRequest("proof-requests") { Locations = [Location], Index = index };
        var answer = await CallAsync(request, cancellationToken, built.Bytes, keys.ProverKey, keys.VerifierKey, keys.Ir);
        return LedgerPool.TryRead(answer, out var result, out _)
            ? new WantedProof(result.Proofs![index].Digest, answer.Body)
            : LedgerErrors.OfCall(answer.Header.Error);
    }

    public async Task<Result<BoundTransaction>> FinishCallAsync(
        BuiltTransaction built, CircuitKeys keys, IReadOnlyList<MadeProof> proofs, CancellationToken cancellationToken)
    {
        var request = new LedgerRequest("finish") { Locations = [Location], Proofs = [.. proofs.Select(static proof => proof.Digest)] };
        var answer = await CallAsync(
            request, cancellationToken, [built.Bytes, keys.Ir, .. proofs.Select(static proof => (ReadOnlyMemory<byte>)proof.Proof)]);
        return LedgerPool.TryRead(answer, out var result, out _)
            ? new BoundTransaction(answer.Body, result.Hash!, result.Identifiers!)
            : LedgerErrors.OfCall(answer.Header.Error);
    }

    private async Task<NodeFrame<LedgerAnswer>> CallAsync(LedgerRequest request, CancellationToken cancellationToken, params ReadOnlyMemory<byte>[] parts)
    {
        var body = new byte[parts.Sum(static part => part.Length)];
        var offset = 0;
        foreach (var part in parts)
        {
            part.CopyTo(body.AsMemory(offset));
            offset += part.Length;
        }

        try
        {
            return await pool.CallAsync(new LedgerCall(request with { Parts = [.. parts.Select(static part => part.Length)] }, body, null), cancellationToken);
        }
        finally
        {
            // A witness is in it.
            CryptographicOperations.ZeroMemory(body);
        }
    }
}
