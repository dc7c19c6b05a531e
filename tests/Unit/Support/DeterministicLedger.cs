using System.Security.Cryptography;
using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>Stands for the ledger process: the same seed and plan give the same keys and bytes. The bytes are a <see cref="ScriptedTransfer"/>.</summary>
internal sealed class DeterministicLedger(IAddressCodec addresses) : ILedger
{
    /// <summary>Runs before a transfer is built.</summary>
    public Func<Task> BeforeBuild { get; set; } = static () => Task.CompletedTask;

    public async Task<WalletKeys> DeriveAsync(IWalletSecret secret, NetworkId network, CancellationToken cancellationToken)
    {
        var hex = await OwnerAsync(secret, cancellationToken);
        return new WalletKeys(addresses.EncodeUnshielded(hex, network).Text, hex, hex, "mn_shield-addr_undeployed1x", "mn_dust_undeployed1x");
    }

    public async Task<Result<BoundTransaction>> BuildTransferAsync(IWalletSecret secret, TransferPlan plan, CancellationToken cancellationToken)
    {
        await BeforeBuild();
        Assert.Equal(Amount.Sum(plan.Inputs.Select(coin => coin.Value)), Amount.Sum(plan.Outputs.Select(output => output.Value)));
        var transfer = new ScriptedTransfer(await OwnerAsync(secret, cancellationToken), plan.Inputs, plan.Outputs, plan.Ttl);
        return Bound(JsonSerializer.SerializeToUtf8Bytes(transfer));
    }

    public Task<Result<BoundTransaction>> FinishAsync(BuiltTransaction built, CancellationToken cancellationToken) =>
        Task.FromResult<Result<BoundTransaction>>(Bound(built.Bytes));

    public Task<Result<DecodedTransaction>> DecodeAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static BoundTransaction Bound(byte[] bytes) => new(bytes, ScriptedTransfer.HashOf(bytes), [ScriptedTransfer.IdentifierOf(bytes)]);

    private static async Task<string> OwnerAsync(IWalletSecret secret, CancellationToken cancellationToken)
    {
        using var seed = new MemoryStream();
        await secret.WriteToAsync(seed, cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(seed.ToArray()));
    }
}
