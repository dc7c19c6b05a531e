using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving.Parameters;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>A call to a proving process, which may be repeated: it asks for what it lacks, and is repeated with it.</summary>
/// <param name="Request">The header without the files.</param>
/// <param name="Body">The parts of the body.</param>
/// <param name="Timeout">The longest that a process may take.</param>
internal sealed record ProvingCall(ProvingRequest Request, ReadOnlyMemory<byte>[] Body, TimeSpan Timeout)
{
    /// <summary>The key materials of the call by key location.</summary>
    public IReadOnlyDictionary<string, KeyMaterial> Keys { get; init; } = new Dictionary<string, KeyMaterial>(StringComparer.Ordinal);

    /// <summary>Whether parameters may be wanted.</summary>
    public bool Proves { get; init; }

    /// <summary>Makes the header with what is known now.</summary>
    public ProvingRequest Header(IParameters parameters) => Proves
        ? Request with { Keys = Request.Op == "prove" ? Keys.Values.Single().Hash : Keys.ToDictionary(entry => entry.Key, entry => entry.Value.Hash), Parameters = parameters.Present }
        : Request;

    public static ProvingCall Prove(ProveRequest request, KeyMaterial keys, TimeSpan timeout) =>
        new(new ProvingRequest("prove") { BindingInput = request.BindingInput is { } binding ? Convert.ToHexStringLower(binding.Span) : null }, [request.Preimage], timeout)
        {
            Keys = new Dictionary<string, KeyMaterial>(StringComparer.Ordinal) { [request.KeyLocation] = keys },
            Proves = true,
        };

    public static ProvingCall ProveTransaction(ProveTransactionRequest request, TimeSpan timeout) =>
        new(new ProvingRequest("prove-tx"), [request.Transaction], timeout) { Keys = request.Keys, Proves = true };

    public static ProvingCall Check(ReadOnlyMemory<byte> preimage, ReadOnlyMemory<byte> ir, TimeSpan timeout) =>
        new(new ProvingRequest("check") { Preimage = preimage.Length }, [preimage, ir], timeout);

    public static ProvingCall K(ReadOnlyMemory<byte> ir, TimeSpan timeout) => new(new ProvingRequest("k"), [ir], timeout);
}
