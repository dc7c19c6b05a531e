using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>Stands for contracts on the chain and for the ledger process that builds calls of them. A built call is a <see cref="ScriptedTransfer"/> without coins.</summary>
internal sealed class ScriptedContracts : IContractReader, IContractLedger
{
    /// <summary>Where the one contract is.</summary>
    public static readonly string Address = new('c', 64);

    /// <summary>What the ledger says to a call instead of building it; null to build it.</summary>
    public Func<CallPlan, Error?> Refuse { get; set; } = static _ => null;

    /// <summary>Runs before a proof is named.</summary>
    public Func<Task> BeforeWanted { get; set; } = static () => Task.CompletedTask;

    /// <summary>The last request for a proof that was given out; whoever got it wipes it.</summary>
    public byte[] LastRequest { get; private set; } = [];

    /// <summary>How often a call was built.</summary>
    public int Built { get; private set; }

    /// <summary>How many proofs each call wants.</summary>
    public int Proofs { get; set; } = 2;

    /// <summary>The proof that a request asks for.</summary>
    public static byte[] ProofOf(ReadOnlySpan<byte> request) => SHA256.HashData(request);

    public Task<ContractSnapshot?> FindAsync(string address, CancellationToken cancellationToken) =>
        Task.FromResult(address == Address ? new ContractSnapshot([1], [2]) : null);

    public Task<Result<BuiltTransaction>> BuildCallAsync(CallPlan plan, CancellationToken cancellationToken)
    {
        if (Refuse(plan) is { } refusal)
        {
            return Task.FromResult<Result<BuiltTransaction>>(refusal);
        }

        // As the real ledger, which draws random numbers, it builds other bytes each time.
        var call = new ScriptedTransfer($"{plan.EntryPoint} {++Built} {Convert.ToHexStringLower(plan.Witness.Span)}", [], [], plan.Ttl);
        return Task.FromResult<Result<BuiltTransaction>>(new BuiltTransaction(JsonSerializer.SerializeToUtf8Bytes(call), Proofs));
    }

    public async Task<Result<WantedProof>> WantedProofAsync(BuiltTransaction built, CircuitKeys keys, int index, CancellationToken cancellationToken)
    {
        await BeforeWanted();
        return new WantedProof(DigestOf(built, index), LastRequest = RequestOf(built, index));
    }

    public Task<Result<BoundTransaction>> FinishCallAsync(
        BuiltTransaction built, CircuitKeys keys, IReadOnlyList<MadeProof> proofs, CancellationToken cancellationToken)
    {
        Assert.Equal(Enumerable.Range(0, built.ProofsRequired).Select(index => DigestOf(built, index)), proofs.Select(static proof => proof.Digest));
        Assert.All(Enumerable.Range(0, built.ProofsRequired), index => Assert.Equal(ProofOf(RequestOf(built, index)), proofs[index].Proof));

        // As of a real proof: what is bound tells nothing of the witness any more.
        var call = ScriptedTransfer.Read(built.Bytes);
        var bound = JsonSerializer.SerializeToUtf8Bytes(call with { OwnerHex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(call.OwnerHex))) });
        return Task.FromResult<Result<BoundTransaction>>(new BoundTransaction(bound, ScriptedTransfer.HashOf(bound), [ScriptedTransfer.IdentifierOf(bound)]));
    }

    private static byte[] RequestOf(BuiltTransaction built, int index) => [.. Encoding.UTF8.GetBytes($"prove {index} "), .. built.Bytes];

    private static string DigestOf(BuiltTransaction built, int index) => Convert.ToHexStringLower(SHA256.HashData(RequestOf(built, index)));
}
