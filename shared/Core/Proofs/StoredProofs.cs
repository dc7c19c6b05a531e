using MidnightOS.Core.Custody;

namespace MidnightOS.Core.Proofs;

/// <summary>Seals under the vault's key for payloads: whoever proves may use it too.</summary>
internal sealed class VaultProofSealer(IPayloadSealer sealer) : IProofSealer
{
    public async Task<SealedPart> SealAsync(ProofPart part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        new(await sealer.SealAsync(content, part.Owner, cancellationToken), []);

    public async Task<byte[]?> UnsealAsync(ProofPart part, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        await sealer.UnsealAsync(record, part.Owner, cancellationToken);
}

/// <summary>Sends nothing: whoever proves looks into the store, where due markers lead to the jobs.</summary>
internal sealed class NoCourier : IProofCourier
{
    public Task SendAsync(ProofWord word, TimeSpan after, CancellationToken cancellationToken) => Task.CompletedTask;
}
