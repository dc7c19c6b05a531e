using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Custody;
using MidnightOS.Custody;
using MidnightOS.Custody.Vault;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Custody;

// File modes are tested where there are any; the embedded edition runs on Linux.
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileVaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly byte[] _dataKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private string KeyFile => _folder.File("keys", "vault.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unwrap_WhatAnotherHostWrapped_GivesTheDataKey()
    {
        await using var one = Host();
        await using var other = Host();

        var wrapped = await one.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);

        Assert.Equal(_dataKey, await other.Vault.UnwrapAsync(VaultPurpose.Wallets, wrapped, default));
        Assert.Equal("A256GCM", wrapped.Algorithm);
        Assert.DoesNotContain(Convert.ToHexString(_dataKey), Convert.ToHexString(wrapped.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ManyHostsStartAtOnce_AgreeOnOneKey()
    {
        var hosts = Enumerable.Range(0, 8).Select(_ => Host()).ToArray();

        await Task.WhenAll(hosts.Select(host => Task.Run(() => host.Get<FileVault>().OpenAsync(default))));

        var versions = await Task.WhenAll(hosts.Select(host => host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default)));
        Assert.Single(versions.Distinct());
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_FirstStart_MakesAFileForItsOwnerOnly()
    {
        await using var host = Host();
        await host.Get<FileVault>().OpenAsync(default);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("keys")));
        Assert.Equal(["vault.json", "vault.json.lock"], Directory.GetFiles(_folder.File("keys")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.UserExecute)]
    public async Task Open_FileWiderThan0600_Refuses(UnixFileMode more)
    {
        await MakeAsync();
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        await using var host = Host();

        var refusal = await Assert.ThrowsAsync<VaultException>(() => host.Get<FileVault>().OpenAsync(default));

        Assert.Contains("chmod 600", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileMissingThoughItWasUsed_RefusesAndMakesNone()
    {
        await MakeAsync();
        File.Delete(KeyFile);
        await using var host = Host();

        var refusal = await Assert.ThrowsAsync<VaultException>(() => host.Get<FileVault>().OpenAsync(default));

        Assert.Contains("is missing", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task HostStart_FileMissingThoughItWasUsed_StopsWithTheSentence()
    {
        await MakeAsync();
        File.Delete(KeyFile);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration["Data:Folder"] = _folder.Path;
        builder.Services.AddStorage(builder.Configuration).AddCustody(builder.Configuration);
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<VaultException>(() => host.StartAsync());

        Assert.Contains("Put the file back from its backup", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostStart_KeyFileIsAFolder_StopsAndNamesTheSetting()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration["Data:Folder"] = _folder.Path;
        builder.Configuration["Custody:KeyFile"] = _folder.Path;
        builder.Services.AddStorage(builder.Configuration).AddCustody(builder.Configuration);
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Custody:KeyFile", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrap_FileVanishesWhileRunning_Refuses()
    {
        await using var host = Host();
        await host.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        File.Delete(KeyFile);

        await Assert.ThrowsAsync<VaultException>(() => host.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default));
    }

    [Fact]
    public async Task Open_FileOfAnotherVault_Refuses()
    {
        await MakeAsync();
        using var elsewhere = new TemporaryFolder();
        await using (var other = new CustodyHost(elsewhere.Path, _clock))
        {
            await other.Get<FileVault>().OpenAsync(default);
        }

        File.Copy(elsewhere.File("keys", "vault.json"), KeyFile, overwrite: true);
        await using var host = Host();

        var refusal = await Assert.ThrowsAsync<VaultException>(() => host.Get<FileVault>().OpenAsync(default));

        Assert.Contains("another vault", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"format":"midnightos-vault-1","vault":"x","keys":[]}""")]
    [InlineData("""{"format":"midnightos-vault-2","vault":"x","keys":[]}""")]
    public async Task Open_DamagedFile_Refuses(string content)
    {
        await MakeAsync();
        await File.WriteAllTextAsync(KeyFile, content);
        await using var host = Host();

        var refusal = await Assert.ThrowsAsync<VaultException>(() => host.Get<FileVault>().OpenAsync(default));

        Assert.Contains(KeyFile, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OneBitOfAKeyFlipped_Refuses()
    {
        await MakeAsync();
        var json = JsonNode.Parse(await File.ReadAllTextAsync(KeyFile))!;
        var key = Convert.FromBase64String(json["keys"]![1]!["key"]!.GetValue<string>());
        key[31] ^= 1;
        json["keys"]![1]!["key"] = Convert.ToBase64String(key);
        await File.WriteAllTextAsync(KeyFile, json.ToJsonString());
        await using var host = Host();

        var refusal = await Assert.ThrowsAsync<VaultException>(() => host.Get<FileVault>().OpenAsync(default));

        Assert.Contains("altered", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(key), refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unwrap_ForAnotherPurpose_Refuses()
    {
        await using var host = Host();
        var wrapped = await host.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);

        await Assert.ThrowsAsync<VaultException>(() => host.Vault.UnwrapAsync(VaultPurpose.Payloads, wrapped, default));
    }

    [Fact]
    public async Task Unwrap_AnyBitFlipped_Refuses()
    {
        await using var host = Host();
        var wrapped = await host.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);

        for (var bit = 0; bit < wrapped.Bytes.Length * 8; bit++)
        {
            var bytes = (byte[])wrapped.Bytes.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await Assert.ThrowsAsync<VaultException>(() => host.Vault.UnwrapAsync(VaultPurpose.Wallets, wrapped with { Bytes = bytes }, default));
        }

        await Assert.ThrowsAsync<VaultException>(() => host.Vault.UnwrapAsync(VaultPurpose.Wallets, wrapped with { Bytes = wrapped.Bytes[1..] }, default));
        await Assert.ThrowsAsync<VaultException>(() => host.Vault.UnwrapAsync(VaultPurpose.Wallets, wrapped with { Algorithm = "A256KW" }, default));
    }

    [Fact]
    public async Task Rotate_OnOneHost_TheOtherWrapsUnderTheNewVersionAndBothUnwrapTheOld()
    {
        await using var one = Host();
        await using var other = Host();
        var old = await other.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        var tokens = await other.Vault.CurrentVersionAsync(VaultPurpose.Tokens, default);

        var version = await one.Vault.RotateAsync(VaultPurpose.Wallets, default);
        var wrapped = await other.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);

        Assert.NotEqual(old.Version, version);
        Assert.Equal(version, wrapped.Version);
        Assert.Equal(_dataKey, await one.Vault.UnwrapAsync(VaultPurpose.Wallets, old, default));
        Assert.Equal(_dataKey, await other.Vault.UnwrapAsync(VaultPurpose.Wallets, old, default));
        Assert.Equal(tokens, await other.Vault.CurrentVersionAsync(VaultPurpose.Tokens, default));
    }

    [Fact]
    public async Task Rotate_ManyAtOnce_EachMakesAVersion()
    {
        await using var one = Host();
        await using var other = Host();

        var versions = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            number => Task.Run(() => (number % 2 == 0 ? one : other).Vault.RotateAsync(VaultPurpose.Wallets, default))));

        Assert.Equal(Enumerable.Range(2, 10), versions.Select(version => int.Parse(version.Split('-')[0])).Order());
    }

    [Fact]
    public async Task Retire_AnOldVersion_DestroysItEverywhere()
    {
        await using var one = Host();
        await using var other = Host();
        var old = await other.Vault.WrapAsync(VaultPurpose.Wallets, _dataKey, default);
        await one.Vault.RotateAsync(VaultPurpose.Wallets, default);
        var key = JsonNode.Parse(await File.ReadAllTextAsync(KeyFile))!["keys"]!.AsArray()
            .Single(entry => entry!["id"]!.GetValue<string>() == old.Version)!["key"]!.GetValue<string>();

        await one.Vault.RetireAsync(VaultPurpose.Wallets, old.Version, default);

        await Assert.ThrowsAsync<VaultException>(() => other.Vault.UnwrapAsync(VaultPurpose.Wallets, old, default));
        Assert.DoesNotContain(key, await File.ReadAllTextAsync(KeyFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retire_TheCurrentVersionOrAnUnknownOne_Refuses()
    {
        await using var host = Host();
        var current = await host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default);

        await Assert.ThrowsAsync<VaultException>(() => host.Vault.RetireAsync(VaultPurpose.Wallets, current, default));
        await Assert.ThrowsAsync<VaultException>(() => host.Vault.RetireAsync(VaultPurpose.Wallets, "9-0000000000000000", default));
    }

    private CustodyHost Host() => new(_folder.Path, _clock);

    private async Task MakeAsync()
    {
        await using var host = Host();
        await host.Get<FileVault>().OpenAsync(default);
    }
}
