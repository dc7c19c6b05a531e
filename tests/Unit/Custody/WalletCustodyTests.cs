using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Results;
using MidnightOS.Custody.Wallets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Custody;

public sealed class WalletCustodyTests : IAsyncDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly CustodyHost _host;

    public WalletCustodyTests() => _host = new CustodyHost(_folder.Path, _clock);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Create_Twice_KeepsTheFirstSeed()
    {
        var wallet = CustodyHost.Wallet();
        await _host.Wallets.CreateAsync(wallet, default);
        var seed = await _host.SeedAsync(wallet);

        await _host.Wallets.CreateAsync(wallet, default);

        Assert.Equal(seed, await _host.SeedAsync(wallet));
        Assert.Equal(128, seed.Length);
    }

    [Fact]
    public async Task Create_OnTwoHostsAtOnce_AgreesOnOneSeed()
    {
        await using var other = new CustodyHost(_folder.Path, _clock);
        foreach (var wallet in Enumerable.Range(0, 20).Select(number => CustodyHost.Wallet(number)))
        {
            await Task.WhenAll(
                Task.Run(() => _host.Wallets.CreateAsync(wallet, default)),
                Task.Run(() => other.Wallets.CreateAsync(wallet, default)));

            Assert.Equal(await _host.SeedAsync(wallet), await other.SeedAsync(wallet));
        }
    }

    [Fact]
    public async Task Create_TwoWallets_HaveDifferentSeeds()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(1), default);
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(2), default);

        Assert.NotEqual(await _host.SeedAsync(CustodyHost.Wallet(1)), await _host.SeedAsync(CustodyHost.Wallet(2)));
    }

    [Fact]
    public async Task Open_NoWallet_IsNotReady()
    {
        var opened = await _host.Wallets.OpenAsync(CustodyHost.Wallet(), default);

        Assert.Equal(ErrorCodes.WalletNotReady, opened.Error!.Code);
        Assert.Equal(ErrorCodes.WalletNotReady, (await _host.Wallets.ExportAsync(CustodyHost.Wallet(), default)).Error!.Code);
    }

    [Fact]
    public async Task Open_AnotherTenantsWallet_IsNotReady()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(tenant: "ten_a"), default);

        var opened = await _host.Wallets.OpenAsync(CustodyHost.Wallet(tenant: "ten_b"), default);

        Assert.Equal(ErrorCodes.WalletNotReady, opened.Error!.Code);
    }

    [Fact]
    public async Task Open_AfterDispose_GivesNothing()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var secret = (await _host.Wallets.OpenAsync(CustodyHost.Wallet(), default)).Value;
        var seen = new SeenMemory();
        await secret.WriteToAsync(seen, default);
        Assert.Contains(seen.Written.ToArray(), value => value != 0);

        secret.Dispose();

        // The stream was handed the very buffer, so the test sees what became of it.
        Assert.All(seen.Written.ToArray(), value => Assert.Equal(0, value));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => secret.WriteToAsync(Stream.Null, default));
    }

    [Fact]
    public async Task Export_TheWords_MakeTheSeedThatTheLedgerGets()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);

        var words = (await _host.Wallets.ExportAsync(CustodyHost.Wallet(), default)).Value;

        var seed = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
            words, "mnemonic"u8.ToArray(), 2048, System.Security.Cryptography.HashAlgorithmName.SHA512, 64);
        Assert.Equal(24, words.Split(' ').Length);
        Assert.Equal(await _host.SeedAsync(CustodyHost.Wallet()), Convert.ToHexStringLower(seed));
    }

    [Fact]
    public async Task Open_AnyBitOfTheRecordFlipped_Refuses()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var record = await RecordAsync(CustodyHost.Wallet());

        for (var bit = 0; bit < record.Length * 8; bit++)
        {
            var broken = (byte[])record.Clone();
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            await ReplaceAsync(CustodyHost.Wallet(), broken);
            await Assert.ThrowsAsync<VaultException>(() => _host.Wallets.OpenAsync(CustodyHost.Wallet(), default));
        }
    }

    [Fact]
    public async Task Open_RecordCutOrLengthened_Refuses()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var record = await RecordAsync(CustodyHost.Wallet());

        foreach (var broken in Enumerable.Range(0, record.Length).Select(length => record[..length]).Append([.. record, 0]).Append(new byte[20_000]))
        {
            await ReplaceAsync(CustodyHost.Wallet(), broken);
            await Assert.ThrowsAsync<VaultException>(() => _host.Wallets.OpenAsync(CustodyHost.Wallet(), default));
        }
    }

    [Theory]
    [InlineData("ten_b", "bot_1", "wal_1")]
    [InlineData("ten_a", "bot_2", "wal_1")]
    [InlineData("ten_a", "bot_1", "wal_2")]
    public async Task Open_RecordMovedToAnotherOwner_Refuses(string tenant, string bot, string wallet)
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        var elsewhere = new WalletRef(new(tenant), bot, wallet);

        await ReplaceAsync(elsewhere, await RecordAsync(CustodyHost.Wallet()));

        await Assert.ThrowsAsync<VaultException>(() => _host.Wallets.OpenAsync(elsewhere, default));
        await Assert.ThrowsAsync<VaultException>(() => _host.Wallets.CreateAsync(elsewhere, default));
    }

    [Fact]
    public async Task Open_DataKeyOfAnotherRecord_Refuses()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(1), default);
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(2), default);
        var one = MidnightOS.Custody.Sealing.Envelope.Parse(await RecordAsync(CustodyHost.Wallet(1)));
        var two = MidnightOS.Custody.Sealing.Envelope.Parse(await RecordAsync(CustodyHost.Wallet(2)));

        await ReplaceAsync(CustodyHost.Wallet(1), (one with { DataKey = two.DataKey }).ToBytes());

        await Assert.ThrowsAsync<VaultException>(() => _host.Wallets.OpenAsync(CustodyHost.Wallet(1), default));
    }

    [Fact]
    public async Task Retire_BeforeItsTime_KeepsTheSeedUnusableUntilRestored()
    {
        var wallet = CustodyHost.Wallet();
        await _host.Wallets.CreateAsync(wallet, default);
        var seed = await _host.SeedAsync(wallet);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow().AddDays(90), default);
        _clock.Advance(TimeSpan.FromDays(89));
        await _host.Wallets.RunAsync(Budget, default);

        var retired = await _host.Wallets.OpenAsync(wallet, default);
        var restored = await _host.Wallets.RestoreAsync(wallet, default);
        _clock.Advance(TimeSpan.FromDays(30));
        await _host.Wallets.RunAsync(Budget, default);

        Assert.Equal(ErrorCodes.WalletNotReady, retired.Error!.Code);
        Assert.True(restored.IsSuccess);
        Assert.Equal(seed, await _host.SeedAsync(wallet));
    }

    [Fact]
    public async Task Run_TimeIsOver_ErasesTheSeed()
    {
        var wallet = CustodyHost.Wallet();
        await _host.Wallets.CreateAsync(wallet, default);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow().AddDays(90), default);
        _clock.Advance(TimeSpan.FromDays(90));

        Assert.False(await _host.Wallets.RunAsync(Budget, default));

        Assert.Null(await _host.Get<IBlobStore>().OpenReadAsync(new BlobName(wallet.Tenant, "wallets", "bot_1.wal_1"), default));
        Assert.Equal(ErrorCodes.NotFound, (await _host.Wallets.RestoreAsync(wallet, default)).Error!.Code);
        Assert.Equal(ErrorCodes.WalletNotReady, (await _host.Wallets.OpenAsync(wallet, default)).Error!.Code);
    }

    [Fact]
    public async Task Run_RetiredAgainForLater_ErasesAtTheLaterTime()
    {
        var wallet = CustodyHost.Wallet();
        await _host.Wallets.CreateAsync(wallet, default);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow().AddDays(10), default);
        await _host.Wallets.RestoreAsync(wallet, default);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow().AddDays(90), default);

        _clock.Advance(TimeSpan.FromDays(11));
        await _host.Wallets.RunAsync(Budget, default);
        Assert.True((await _host.Wallets.RestoreAsync(wallet, default)).IsSuccess);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow().AddDays(79), default);
        _clock.Advance(TimeSpan.FromDays(79));
        await _host.Wallets.RunAsync(Budget, default);

        Assert.Equal(ErrorCodes.NotFound, (await _host.Wallets.RestoreAsync(wallet, default)).Error!.Code);
    }

    [Fact]
    public async Task Run_AfterACrashInTheMiddleOfAnErasure_FinishesIt()
    {
        var wallet = CustodyHost.Wallet();
        await _host.Wallets.CreateAsync(wallet, default);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow(), default);
        var retirements = _host.Get<Retirements>();
        await retirements.BeginErasureAsync(wallet, (await retirements.FindAsync(wallet, default))!, default);

        var restored = await _host.Wallets.RestoreAsync(wallet, default);
        await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow().AddDays(90), default);
        await _host.Wallets.RunAsync(Budget, default);

        Assert.Equal(ErrorCodes.NotFound, restored.Error!.Code);
        Assert.Null(await retirements.FindAsync(wallet, default));
        Assert.Null(await _host.Get<IBlobStore>().OpenReadAsync(Blob(wallet), default));
    }

    [Fact]
    public async Task Run_WhileAnotherHostSweeps_LeavesItAlone()
    {
        await _host.Wallets.CreateAsync(CustodyHost.Wallet(), default);
        await _host.Wallets.RetireAsync(CustodyHost.Wallet(), _clock.GetUtcNow(), default);
        var lease = await _host.Get<ILeaseStore>().TryAcquireAsync("custody-sweep", TimeSpan.FromMinutes(1), default);

        Assert.False(await _host.Wallets.RunAsync(Budget, default));
        Assert.True((await _host.Wallets.RestoreAsync(CustodyHost.Wallet(), default)).IsSuccess);
        await _host.Get<ILeaseStore>().ReleaseAsync(lease!, default);
    }

    [Theory]
    [InlineData("bot.1")]
    [InlineData("bot/1")]
    [InlineData("")]
    [InlineData("..")]
    public async Task Create_IdThatIsNone_Throws(string bot) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _host.Wallets.CreateAsync(new WalletRef(new("ten_a"), bot, "wal_1"), default));

    [Fact]
    public async Task Restore_NeverCreated_IsNotFound() =>
        Assert.Equal(ErrorCodes.NotFound, (await _host.Wallets.RestoreAsync(CustodyHost.Wallet(), default)).Error!.Code);

    [Fact]
    public async Task RunAndRestore_AtOnce_EitherRestoresAUsableSeedOrSaysNotFound()
    {
        await using var other = new CustodyHost(_folder.Path, _clock);
        for (var round = 0; round < 30; round++)
        {
            var wallet = CustodyHost.Wallet(round);
            await _host.Wallets.CreateAsync(wallet, default);
            await _host.Wallets.RetireAsync(wallet, _clock.GetUtcNow(), default);

            var erasing = Task.Run(() => _host.Wallets.RunAsync(Budget, default));
            var restored = await other.Wallets.RestoreAsync(wallet, default);
            await erasing;

            Assert.Equal(restored.IsSuccess, (await other.Wallets.OpenAsync(wallet, default)).IsSuccess);
            _clock.Advance(TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public async Task Records_AndLog_HoldNoSecret()
    {
        var wallet = CustodyHost.Wallet();
        await _host.Wallets.CreateAsync(wallet, default);
        var words = (await _host.Wallets.ExportAsync(wallet, default)).Value;
        var seed = await _host.SeedAsync(wallet);
        await _host.Rotation.RotateAsync(VaultPurpose.Wallets, default);
        await _host.Wallets.RunAsync(Budget, default);

        var log = string.Join('\n', _host.Log.Lines);
        Assert.DoesNotContain(words, log, StringComparison.Ordinal);
        Assert.DoesNotContain(seed[..16], log, StringComparison.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("vault.json", StringComparison.Ordinal)))
        {
            var content = await File.ReadAllBytesAsync(file);
            Assert.Equal(-1, content.AsSpan().IndexOf(Convert.FromHexString(seed)));
            Assert.Equal(-1, content.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(words)));
            Assert.Equal(-1, content.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(seed[..16])));
        }
    }

    private async Task<byte[]> RecordAsync(WalletRef wallet)
    {
        await using var stream = await _host.Get<IBlobStore>().OpenReadAsync(Blob(wallet), default);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return copy.ToArray();
    }

    private async Task ReplaceAsync(WalletRef wallet, byte[] record)
    {
        using var content = new MemoryStream(record);
        await _host.Get<IBlobStore>().PutAsync(Blob(wallet), content, overwrite: true, default);
    }

    private static BlobName Blob(WalletRef wallet) => new(wallet.Tenant, "wallets", $"{wallet.Bot}.{wallet.Wallet}");

    private sealed class SeenMemory : MemoryStream
    {
        public ReadOnlyMemory<byte> Written { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written = buffer;
            return ValueTask.CompletedTask;
        }
    }
}
