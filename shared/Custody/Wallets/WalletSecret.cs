using MidnightOS.Core.Chain;

namespace MidnightOS.Custody.Wallets;

/// <summary>An opened seed. It goes to the ledger process as it lies in memory; there is no way to read it from here.</summary>
internal sealed class WalletSecret(SecretBytes seed) : IWalletSecret
{
    public int Length => seed.Length;

    public async Task WriteToAsync(Stream standardInput, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(standardInput);
        await standardInput.WriteAsync(seed.Memory, cancellationToken);
        await standardInput.FlushAsync(cancellationToken);
    }

    public void Dispose() => seed.Dispose();
}
