using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Custody;

public sealed class RotateKeysTests : IAsyncDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly CustodyHost _host;

    public RotateKeysTests() => _host = new CustodyHost(_folder.Path, _clock);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Retire_EveryWalletWrappedAgain_DestroysTheVersionAndEverySeedStillOpens()
    {
        var wallets = Enumerable.Range(0, 45).Select(number => CustodyHost.Wallet(number, $"ten_{number % 7}")).ToArray();
        foreach (var wallet in wallets)
        {
            await _host.Wallets.CreateAsync(wallet, default);
        }

        var seeds = await Task.WhenAll(wallets.Select(_host.SeedAsync));
        var old = await _host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        await _host.Rotation.RotateAsync(VaultPurpose.Wallets, default);
        Assert.True(await _host.Rotation.IsUsedAsync(VaultPurpose.Wallets, old, default));
        Assert.Equal(ErrorCodes.InvalidState, (await _host.Rotation.RetireAsync(VaultPurpose.Wallets, old, default)).Error!.Code);

        Assert.False(await _host.Wallets.RunAsync(Budget, default));
        Assert.False(await _host.Rotation.IsUsedAsync(VaultPurpose.Wallets, old, default));
        var early = await _host.Rotation.RetireAsync(VaultPurpose.Wallets, old, default);
        _clock.Advance(TimeSpan.FromHours(1));
        var retired = await _host.Rotation.RetireAsync(VaultPurpose.Wallets, old, default);

        Assert.Equal(TimeSpan.FromHours(1), early.Error!.RetryAfter);
        Assert.True(retired.IsSuccess);
        Assert.Equal(seeds, await Task.WhenAll(wallets.Select(_host.SeedAsync)));
        Assert.Equal(ErrorCodes.NotFound, (await _host.Rotation.RetireAsync(VaultPurpose.Wallets, old, default)).Error!.Code);
    }

    [Fact]
    public async Task Run_NoTimeLeft_SaysThatThereIsMoreAndGoesOnNextTime()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var old = await _host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        await _host.Rotation.RotateAsync(VaultPurpose.Wallets, default);

        Assert.True(await _host.Wallets.RunAsync(TimeSpan.Zero, default));
        Assert.True(await _host.Rotation.IsUsedAsync(VaultPurpose.Wallets, old, default));
        Assert.False(await _host.Wallets.RunAsync(Budget, default));
        Assert.False(await _host.Rotation.IsUsedAsync(VaultPurpose.Wallets, old, default));
    }

    [Fact]
    public async Task Run_AfterARotation_ShowsTheBacklogUntilItIsGone()
    {
        using var measured = new Measurements();
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(1), default);
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(2), default);
        await _host.Rotation.RotateAsync(VaultPurpose.Wallets, default);

        await _host.Wallets.RunAsync(TimeSpan.Zero, default);
        await _host.Wallets.RunAsync(Budget, default);

        Assert.Equal([2, 0], measured.Of("midnight.custody.rewrap.backlog").Select(static m => m.Value));
        Assert.Equal(2, measured.Of("midnight.custody.operations").Count(static m => m.Tags == "operation=rewrap purpose=wallets outcome=ok"));
    }

    [Fact]
    public async Task Run_OneBrokenRecord_MovesTheOthersAndKeepsItsVersion()
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            await _host.Wallets.CreateAsync(CustodyHost.Wallet(number), default);
        }

        var old = await _host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        using var broken = new MemoryStream([1, 2, 3]);
        await _host.Get<IBlobStore>().PutAsync(new BlobName(CustodyHost.Wallet().Tenant, "wallets", "bot_1.wal_1"), broken, overwrite: true, default);
        await _host.Rotation.RotateAsync(VaultPurpose.Wallets, default);

        Assert.False(await _host.Wallets.RunAsync(Budget, default));
        _clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(ErrorCodes.InvalidState, (await _host.Rotation.RetireAsync(VaultPurpose.Wallets, old, default)).Error!.Code);
        await _host.SeedAsync(CustodyHost.Wallet(0));
        await _host.SeedAsync(CustodyHost.Wallet(2));
        Assert.Contains(_host.Log.Lines, line => line.Contains("wal_1 of ten_a does not open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_MarkerOfACreationThatDied_IsRemovedAfterAnHour()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var old = await _host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        await _host.Get<IBlobStore>().DeleteAsync(new BlobName(CustodyHost.Wallet().Tenant, "wallets", "bot_1.wal_1"), default);
        await _host.Rotation.RotateAsync(VaultPurpose.Wallets, default);

        await _host.Wallets.RunAsync(Budget, default);
        Assert.True(await _host.Rotation.IsUsedAsync(VaultPurpose.Wallets, old, default));
        _clock.Advance(TimeSpan.FromHours(1));
        await _host.Wallets.RunAsync(Budget, default);

        Assert.False(await _host.Rotation.IsUsedAsync(VaultPurpose.Wallets, old, default));
    }

    [Fact]
    public async Task Retire_TheCurrentVersionOrOneOfPayloads_IsRefused()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var current = await _host.Vault.CurrentVersionAsync(VaultPurpose.Wallets, default);
        var payloads = await _host.Vault.CurrentVersionAsync(VaultPurpose.Payloads, default);
        await _host.Rotation.RotateAsync(VaultPurpose.Payloads, default);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(ErrorCodes.InvalidState, (await _host.Rotation.RetireAsync(VaultPurpose.Wallets, current, default)).Error!.Code);
        Assert.Equal(ErrorCodes.InvalidState, (await _host.Rotation.RetireAsync(VaultPurpose.Payloads, payloads, default)).Error!.Code);
    }

    [Fact]
    public async Task Rotate_TokensKey_MovesTheSigningKeysAndTheOldVersionCanGo()
    {
        var credentials = await _host.Tokens.CurrentAsync(default);
        var old = await _host.Vault.CurrentVersionAsync(VaultPurpose.Tokens, default);
        Assert.True(await _host.Rotation.IsUsedAsync(VaultPurpose.Tokens, old, default));

        await _host.Rotation.RotateAsync(VaultPurpose.Tokens, default);
        _clock.Advance(TimeSpan.FromHours(1));
        var retired = await _host.Rotation.RetireAsync(VaultPurpose.Tokens, old, default);

        Assert.True(retired.IsSuccess, retired.Error?.Message);
        await using var other = new CustodyHost(_folder.Path, _clock);
        Assert.Equal(credentials.Kid, (await other.Tokens.CurrentAsync(default)).Kid);
    }

    [Fact]
    public async Task Payload_OpensOnlyInItsContext()
    {
        var sealer = _host.Get<IPayloadSealer>();
        var sealedPayload = await sealer.SealAsync("whsec_1"u8.ToArray(), ["ten_a", "webhook", "wh_1"], default);
        await _host.Rotation.RotateAsync(VaultPurpose.Payloads, default);

        Assert.Equal("whsec_1"u8.ToArray(), await sealer.UnsealAsync(sealedPayload, ["ten_a", "webhook", "wh_1"], default));
        await Assert.ThrowsAsync<VaultException>(() => sealer.UnsealAsync(sealedPayload, ["ten_b", "webhook", "wh_1"], default));
        await Assert.ThrowsAsync<VaultException>(() => sealer.UnsealAsync(sealedPayload, ["ten_a", "webhookwh_1"], default));
        await Assert.ThrowsAsync<VaultException>(() => sealer.UnsealAsync(sealedPayload, ["ten_a", "webhook", "wh_1", string.Empty], default));
    }
}
