using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Azure.KeyVault;
using MidnightOS.Azure.KeyVault.Client;
using MidnightOS.Core;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Custody;

namespace MidnightOS.Tests.Azure.KeyVault.Client;

/// <summary>The vault and the tokens' key through the SDK, against a stand-in with real keys.</summary>
public sealed class SdkVaultKeysTests
{
    private readonly byte[] _dataKey = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("RSA-HSM", "RSA-OAEP-256")]
    [InlineData("oct-HSM", "A256KW")]
    public async Task WrapAsync_AnyKeyThatWraps_IsOpenedByTheVault(string type, string algorithm)
    {
        await using var server = await KeyVaultUnderTest.StartAsync(type);
        var wrapped = await Vault(server, inManagedHsm: true).WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        Assert.Equal(algorithm, wrapped.Algorithm);
        Assert.Equal(_dataKey, await Vault(server, inManagedHsm: true).UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
        Assert.Contains($"POST /keys/wallets/{wrapped.Version}/unwrapkey", server.Requests, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task UnwrapAsync_OlderVersion_IsOpenedByTheVersionThatWrapped()
    {
        await using var server = await KeyVaultUnderTest.StartAsync("RSA-HSM");
        var old = await Vault(server).WrapAsync(VaultPurpose.Payloads, _dataKey, default);
        var version = server.Add("RSA-HSM").Version;
        Assert.Equal(version, (await Vault(server).WrapAsync(VaultPurpose.Payloads, _dataKey, default)).Version);
        Assert.Equal(_dataKey, await Vault(server).UnwrapAsync(VaultPurpose.Payloads, old, default));
    }

    [Theory]
    [InlineData("RSA-HSM")]
    [InlineData("oct-HSM")]
    public async Task UnwrapAsync_TamperedBytes_AreRefused(string type)
    {
        await using var server = await KeyVaultUnderTest.StartAsync(type);
        var vault = Vault(server, inManagedHsm: true);
        var wrapped = await vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        wrapped.Bytes[^1] ^= 1;
        await Assert.ThrowsAsync<VaultException>(() => vault.UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Fact]
    public async Task UnwrapAsync_VersionGoneOrDisabled_IsRefused()
    {
        await using var server = await KeyVaultUnderTest.StartAsync("RSA-HSM");
        var vault = Vault(server);
        var wrapped = await vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        await Assert.ThrowsAsync<VaultException>(() => vault.UnwrapAsync(VaultPurpose.Wallets, wrapped with { Version = new string('0', 32) }, default));
        server.Add("RSA-HSM");
        server.IsOperator = true;
        await vault.RetireAsync(VaultPurpose.Wallets, wrapped.Version, default);
        await Assert.ThrowsAsync<VaultException>(() => vault.UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(403)]
    public async Task UnwrapAsync_OutageThrottlingOrMissingRight_IsUnavailable(int status)
    {
        await using var server = await KeyVaultUnderTest.StartAsync("RSA-HSM");
        var wrapped = await Vault(server).WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        server.Fault = _ => (status, """{"error":{"code":"Throttled","message":"no","innererror":{"code":"ForbiddenByRbac"}}}""");
        await Assert.ThrowsAsync<VaultUnavailableException>(() => Vault(server).UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Fact]
    public async Task UnwrapAsync_ThrottledForAMoment_GoesOn()
    {
        await using var server = await KeyVaultUnderTest.StartAsync("RSA-HSM");
        var vault = Vault(server);
        var wrapped = await vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        var faults = 2;
        server.Fault = _ => faults-- > 0 ? (429, "{}") : null;
        Assert.Equal(_dataKey, await vault.UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Fact]
    public async Task UnwrapAsync_NobodyThere_IsUnavailable()
    {
        WrappedKey wrapped;
        KeyVaultVault vault;
        await using (var server = await KeyVaultUnderTest.StartAsync("RSA-HSM"))
        {
            vault = Vault(server);
            wrapped = await vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        }

        await Assert.ThrowsAsync<VaultUnavailableException>(() => vault.UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
    }

    [Fact]
    public async Task RotateAsync_WithAndWithoutTheRight()
    {
        await using var server = await KeyVaultUnderTest.StartAsync("RSA-HSM");
        var error = await Assert.ThrowsAsync<VaultException>(() => Vault(server).RotateAsync(VaultPurpose.Wallets, default));
        Assert.Contains("az keyvault key rotate", error.Message, StringComparison.Ordinal);
        server.IsOperator = true;
        var version = await Vault(server).RotateAsync(VaultPurpose.Wallets, default);
        Assert.Equal(version, await Vault(server).CurrentVersionAsync(VaultPurpose.Wallets, default));
    }

    [Fact]
    public async Task SignAsync_TokensKey_IsVerifiedByThePublishedKey()
    {
        await using var server = await KeyVaultUnderTest.StartAsync("EC-HSM");
        server.Add("EC-HSM");
        var keys = new VaultTokenKeys(server.Keys, Options(server, false), Microsoft.Extensions.Options.Options.Create(new AccountOptions()), TimeProvider.System);
        var signer = await keys.SignerAsync(default);
        var signature = await signer.SignAsync("signed"u8.ToArray(), default);
        var published = (await keys.FindAsync(signer.KeyId, default))!;
        var point = new ECPoint { X = Base64UrlEncoder.DecodeBytes(published.X), Y = Base64UrlEncoder.DecodeBytes(published.Y) };
        using var verifier = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        Assert.True(verifier.VerifyData("signed"u8, signature, HashAlgorithmName.SHA256));
        Assert.Equal(2, (await keys.PublicKeysAsync(default)).Count);
    }

    [Theory]
    [InlineData("KeyVault:Uri", "http://kv-x.vault.azure.net")]
    [InlineData("KeyVault:WalletUri", "hsm-x")]
    [InlineData("KeyVault:WalletKey", "../wallets")]
    [InlineData("KeyVault:TokenKey", "")]
    public async Task AddKeyVault_SettingWrong_NamesIt(string setting, string value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["KeyVault:Uri"] = "https://kv-x.vault.azure.net", ["KeyVault:TokenKey"] = "tokens", [setting] = value };
        var services = new ServiceCollection().AddKeyVault(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddVaultTokenKeys();
        await using var provider = services.BuildServiceProvider();
        var error = Record.Exception(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.True(error is OptionsProblemException or OptionsValidationException);
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    private static IOptions<KeyVaultOptions> Options(KeyVaultUnderTest server, bool inManagedHsm) => Microsoft.Extensions.Options.Options.Create(new KeyVaultOptions
    {
        Uri = server.Address.AbsoluteUri, WalletKey = "wallets", SealKey = "payloads", TokenKey = "tokens", WalletUri = inManagedHsm ? server.Address.AbsoluteUri : "",
    });

    private static KeyVaultVault Vault(KeyVaultUnderTest server, bool inManagedHsm = false) => new(server.Keys, Options(server, inManagedHsm), TimeProvider.System);
}
