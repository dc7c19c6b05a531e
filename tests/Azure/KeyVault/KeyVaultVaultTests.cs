using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.KeyVault;
using MidnightOS.Core.Custody;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.KeyVault;

/// <summary>The vault's rules over a key store in memory: versions, algorithms, what an app may do.</summary>
public sealed class KeyVaultVaultTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeVaultKeys _keys;
    private readonly byte[] _dataKey = RandomNumberGenerator.GetBytes(32);

    public KeyVaultVaultTests()
    {
        _keys = new FakeVaultKeys(_clock);
        _keys.Add();
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task WrapAsync_UnwrapsToTheSame()
    {
        var wrapped = await Vault().WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        Assert.Equal((Version(1), "RSA-OAEP-256"), (wrapped.Version, wrapped.Algorithm));
        Assert.Equal(_dataKey, await Vault().UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Fact]
    public async Task WrapAsync_AfterARotationElsewhere_UsesTheNewVersionSoonAndOpensTheOld()
    {
        var vault = Vault();
        var old = await vault.WrapAsync(VaultPurpose.Payloads, _dataKey, default);
        _keys.Add();
        Assert.Equal(Version(1), await vault.CurrentVersionAsync(VaultPurpose.Payloads, default));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Version(2), (await vault.WrapAsync(VaultPurpose.Payloads, _dataKey, default)).Version);
        Assert.Equal(_dataKey, await vault.UnwrapAsync(VaultPurpose.Payloads, old, default));
    }

    [Fact]
    public async Task WrapAsync_KnownVersionDisabledMeanwhile_TakesTheNewest()
    {
        var vault = Vault();
        await vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        _keys.Add();
        _keys.Disable(Version(1));
        Assert.Equal(Version(2), (await vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default)).Version);
    }

    [Fact]
    public async Task WrapAsync_NewestVersionDisabled_Refuses()
    {
        _keys.Disable(Version(1));
        await Assert.ThrowsAsync<VaultException>(() => Vault().WrapAsync(VaultPurpose.Wallets, _dataKey, default));
    }

    [Fact]
    public async Task CurrentVersionAsync_AskedOften_AsksTheVaultOnceInAWhile()
    {
        var vault = Vault();
        for (var i = 0; i < 10; i++)
        {
            await vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        }

        Assert.Equal(["get"], _keys.Calls);
    }

    [Fact]
    public async Task UnwrapAsync_Outage_IsUnavailable()
    {
        var wrapped = await Vault().WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        _keys.Outage = new VaultUnavailableException("no answer");
        await Assert.ThrowsAsync<VaultUnavailableException>(() => Vault().UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Theory]
    [InlineData("A256GCM", 256, 1)]
    [InlineData("RSA-OAEP", 256, 1)]
    [InlineData("RSA-OAEP-256", 60, 1)]
    [InlineData("A256KW", 256, 1)]
    [InlineData("RSA-OAEP-256", 256, 0)]
    public async Task UnwrapAsync_RecordOfAnotherVault_IsRefusedBeforeItIsAsked(string algorithm, int length, int version)
    {
        var wrapped = new WrappedKey(version == 0 ? "../../../secrets/x" : Version(1), algorithm, new byte[length]);
        await Assert.ThrowsAsync<VaultException>(() => Vault().UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
        Assert.Empty(_keys.Calls);
    }

    [Theory]
    [InlineData("RSA", false, "RSA-OAEP-256")]
    [InlineData("RSA-HSM", false, "RSA-OAEP-256")]
    [InlineData("RSA-HSM", true, "RSA-OAEP-256")]
    [InlineData("oct-HSM", true, "A256KW")]
    [InlineData("oct-HSM", false, null)]
    [InlineData("EC-HSM", true, null)]
    public void For_KeyType_ChoosesTheAlgorithm(string type, bool inManagedHsm, string? algorithm)
    {
        var key = new KeyAddress(new Uri("https://x.vault.azure.net"), "wallets", inManagedHsm);
        if (algorithm is null)
        {
            Assert.Throws<VaultException>(() => WrapAlgorithm.For(key, new VaultKey(Version(1), type)));
            return;
        }

        Assert.Equal(algorithm, WrapAlgorithm.For(key, new VaultKey(Version(1), type)));
    }

    [Fact]
    public async Task RotateAsync_WithoutTheRight_SaysWhatAnOperatorRuns()
    {
        var error = await Assert.ThrowsAsync<VaultException>(() => Vault().RotateAsync(VaultPurpose.Wallets, default));
        Assert.Contains("az keyvault key rotate --vault-name kv-x --name wallets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotateAsync_ByAnOperator_IsTheCurrentVersionAtOnce()
    {
        _keys.IsOperator = true;
        var vault = Vault();
        await vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        Assert.Equal(Version(2), await vault.RotateAsync(VaultPurpose.Wallets, default));
        Assert.Equal(Version(2), await vault.CurrentVersionAsync(VaultPurpose.Wallets, default));
    }

    [Fact]
    public async Task RetireAsync_WithoutTheRight_SaysWhatAnOperatorRuns()
    {
        _keys.Add();
        var error = await Assert.ThrowsAsync<VaultException>(() => Vault("https://hsm-x.managedhsm.azure.net/").RetireAsync(VaultPurpose.Wallets, Version(1), default));
        Assert.Contains($"az keyvault key set-attributes --hsm-name hsm-x --name wallets --version {Version(1)} --enabled false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetireAsync_CurrentVersion_IsRefused()
    {
        _keys.IsOperator = true;
        await Assert.ThrowsAsync<VaultException>(() => Vault().RetireAsync(VaultPurpose.Wallets, Version(1), default));
        Assert.DoesNotContain("disable", _keys.Calls);
    }

    [Fact]
    public async Task RetireAsync_ByAnOperator_OpensNothingAnyMore()
    {
        _keys.IsOperator = true;
        var vault = Vault();
        var wrapped = await vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        _keys.Add();
        await vault.RetireAsync(VaultPurpose.Wallets, Version(1), default);
        await Assert.ThrowsAsync<VaultException>(() => vault.UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Fact]
    public async Task WrapAsync_PurposeWithoutAKey_IsACompositionError() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Vault().WrapAsync(VaultPurpose.Tokens, _dataKey, default));

    private static string Version(int number) => $"{number:x32}";

    private KeyVaultVault Vault(string hsm = "") => new(
        _keys, Options.Create(new KeyVaultOptions { Uri = "https://kv-x.vault.azure.net/", WalletKey = "wallets", WalletUri = hsm, SealKey = "payloads" }), _clock);
}
