using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Sealing;

internal sealed class PayloadSealer(Sealer sealer) : IPayloadSealer
{
    public async Task<byte[]> SealAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<string> context, CancellationToken cancellationToken) =>
        (await sealer.SealAsync(VaultPurpose.Payloads, payload, Owner(context), cancellationToken)).Bytes;

    public async Task<byte[]> UnsealAsync(
        ReadOnlyMemory<byte> sealedPayload, IReadOnlyList<string> context, CancellationToken cancellationToken)
    {
        using var payload = await sealer.UnsealAsync(VaultPurpose.Payloads, sealedPayload, Owner(context), cancellationToken);
        var bytes = GC.AllocateUninitializedArray<byte>(payload.Length, pinned: true);
        payload.Span.CopyTo(bytes);
        return bytes;
    }

    private static string[] Owner(IReadOnlyList<string> context) =>
        context.Count > 0 ? ["payload", .. context] : throw new ArgumentException("A payload belongs to something: name it, the tenant first.", nameof(context));
}
