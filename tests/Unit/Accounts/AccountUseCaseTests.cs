using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Core;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Accounts;

public sealed class AccountUseCaseTests : IAsyncDisposable
{
    private const string Password = "a long quiet evening";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly AccountsHost _host;

    public AccountUseCaseTests() => _host = new AccountsHost(_folder.Path, _clock);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Login_UnknownEmailOrWrongPassword_VerifiesOneHashEach()
    {
        await RegisterAsync("alice@example.com");
        var before = _host.Hasher.Verified;
        var wrongPassword = await _host.Get<Login>().RunAsync("alice@example.com", "not the password", None);
        var afterWrongPassword = _host.Hasher.Verified;
        var unknownEmail = await _host.Get<Login>().RunAsync("nobody@example.com", "not the password", None);
        var afterUnknownEmail = _host.Hasher.Verified;
        var noEmail = await _host.Get<Login>().RunAsync("no address", "not the password", None);

        Assert.Equal([1, 1, 1], [afterWrongPassword - before, afterUnknownEmail - afterWrongPassword, _host.Hasher.Verified - afterUnknownEmail]);
        Assert.Equal(wrongPassword.Error, unknownEmail.Error);
        Assert.Equal(wrongPassword.Error, noEmail.Error);
    }

    [Fact]
    public async Task Login_HashWeakerThanToday_IsReplaced()
    {
        var signedIn = await RegisterAsync("alice@example.com");
        _host.Hasher.Strengthen(2000);
        Assert.True((await _host.Get<Login>().RunAsync("alice@example.com", Password, None)).IsSuccess);

        var user = await ReadUserAsync(signedIn);
        Assert.Equal(2000, IterationsOf(user.PasswordHash));
        Assert.True((await _host.Get<Login>().RunAsync("alice@example.com", Password, None)).IsSuccess);
    }

    [Fact]
    public async Task Login_InactiveUser_IsUnauthorizedAndOpenSessionsStop()
    {
        var signedIn = await RegisterAsync("alice@example.com");
        var user = await ReadUserAsync(signedIn);
        await PutAsync(signedIn.Tenant.Id, User.Key(user.Id), user with { Active = false });

        Assert.Equal(ErrorCodes.Unauthorized, (await _host.Get<Login>().RunAsync("alice@example.com", Password, None)).Error?.Code);
        Assert.Equal(ErrorCodes.Unauthorized, (await _host.Get<AuthenticateSession>().RunAsync(signedIn.AccessToken, None)).Error?.Code);
        Assert.Equal(ErrorCodes.Unauthorized, (await _host.Get<RefreshSession>().RunAsync(signedIn.RefreshToken, None)).Error?.Code);
    }

    [Fact]
    public async Task AuthenticateSession_RoleChangedSinceTheToken_GivesTheRoleOfNow()
    {
        var signedIn = await RegisterAsync("alice@example.com");
        var user = await ReadUserAsync(signedIn);
        await PutAsync(signedIn.Tenant.Id, User.Key(user.Id), user with { Role = Role.Viewer });

        var caller = await _host.Get<AuthenticateSession>().RunAsync(signedIn.AccessToken, None);
        Assert.Equal(Role.Viewer, caller.Value.Role);
        Assert.False(caller.Value.May(Permission.WalletsSpend));
    }

    [Fact]
    public async Task Register_Stored_HoldsNoPasswordAndNoRefreshToken()
    {
        var signedIn = await RegisterAsync("alice@example.com");
        await _host.DisposeAsync();
        foreach (var file in System.IO.Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(signedIn.RefreshToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(signedIn.AccessToken, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Register_EarlierOneDiedBeforeItsUser_TakesTheAddressOverAfterTheGrace()
    {
        await ClaimOnlyAsync("alice@example.com", key: null);
        Assert.Equal(ErrorCodes.Conflict, (await TryRegisterAsync("alice@example.com")).Error?.Code);

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await TryRegisterAsync("alice@example.com")).IsSuccess);
        Assert.True((await _host.Get<Login>().RunAsync("alice@example.com", Password, None)).IsSuccess);
    }

    [Fact]
    public async Task Register_EarlierOneDiedBeforeItsUser_GoesOnAtOnceWithTheSameKeyAndIds()
    {
        var (tenant, user) = await ClaimOnlyAsync("alice@example.com", key: "key-1");
        var registered = await TryRegisterAsync("alice@example.com", "key-1");
        Assert.Equal((tenant, user), (registered.Value.Tenant.Id, registered.Value.User.Id));
    }

    [Fact]
    public async Task Register_StalledUntilAnotherTookTheAddress_LeavesNothingBehind()
    {
        var address = "alice@example.com";
        var claims = _host.Get<EmailClaims>();
        var ids = _host.Get<IIdGenerator>();
        var (tenant, user) = (new TenantId(ids.New(IdPrefix.Tenant)), ids.New(IdPrefix.User));
        var stalled = await claims.ClaimAsync(address, tenant, user, null, None);
        Assert.True(stalled.MayCreate);

        _clock.Advance(TimeSpan.FromSeconds(30));
        var winner = await TryRegisterAsync(address);
        Assert.True(winner.IsSuccess);
        Assert.False(await claims.ConfirmAsync(stalled, None));
        Assert.Equal(winner.Value.User.Id, (await _host.Get<Login>().RunAsync(address, Password, None)).Value.User.Id);
    }

    [Fact]
    public async Task Register_DiedAfterItsUserWasStored_KeepsTheAddressAndLetsItIn()
    {
        var registered = await RegisterAsync("alice@example.com");
        var directory = _host.Get<IDirectory>();
        var claim = await directory.FindAsync(EmailAddress.Key("alice@example.com"), None);
        var unconfirmed = claim!.Claim with { Data = claim.Claim.Data!.Replace("\"confirmed\":true", "\"confirmed\":false", StringComparison.Ordinal) };
        Assert.NotEqual(unconfirmed, claim.Claim);
        await directory.ReplaceAsync(EmailAddress.Key("alice@example.com"), unconfirmed, claim.ETag, None);

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(ErrorCodes.Conflict, (await TryRegisterAsync("alice@example.com")).Error?.Code);
        Assert.Equal(registered.User.Id, (await _host.Get<Login>().RunAsync("alice@example.com", Password, None)).Value.User.Id);
    }

    [Fact]
    public async Task VerifyPassword_OfTheCaller_TellsRightFromWrong()
    {
        var signedIn = await RegisterAsync("alice@example.com");
        var caller = (await _host.Get<AuthenticateSession>().RunAsync(signedIn.AccessToken, None)).Value;
        Assert.True((await _host.Get<VerifyPassword>().RunAsync(caller, Password, "password", None)).IsSuccess);
        var wrong = await _host.Get<VerifyPassword>().RunAsync(caller, "not the password", "password", None);
        Assert.Equal(ErrorCodes.Unauthorized, wrong.Error?.Code);
        Assert.Contains("password", wrong.Error!.Details!.Keys);
    }

    [Fact]
    public async Task RefreshSession_ManyTimesInARow_WorksEachTime()
    {
        var signedIn = await RegisterAsync("alice@example.com");
        for (var i = 0; i < 50; i++)
        {
            signedIn = (await _host.Get<RefreshSession>().RunAsync(signedIn.RefreshToken, None)).Value;
        }

        Assert.True((await _host.Get<AuthenticateSession>().RunAsync(signedIn.AccessToken, None)).IsSuccess);
    }

    [Fact]
    public void AddCore_Passwords_AreHashedAsOwaspSays()
    {
        using var provider = new ServiceCollection().AddCore().BuildServiceProvider();
        Assert.Equal(220_000, provider.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount);
        var hash = Convert.FromBase64String(provider.GetRequiredService<IPasswordHasher<User>>().HashPassword(null!, Password));
        // Format marker 1 (V3) and PRF 2 (HMAC-SHA512), then the iterations, big-endian.
        Assert.Equal((1, 2u, 220_000u), (hash[0], BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5))));
    }

    private async Task<SignedIn> RegisterAsync(string email) => (await TryRegisterAsync(email)).Value;

    private Task<Result<SignedIn>> TryRegisterAsync(string email, string? key = null) =>
        _host.Get<Register>().RunAsync(new Registration(email, Password, "Alice", key), None);

    private async Task<(TenantId Tenant, string User)> ClaimOnlyAsync(string email, string? key)
    {
        var ids = _host.Get<IIdGenerator>();
        var (tenant, user) = (new TenantId(ids.New(IdPrefix.Tenant)), ids.New(IdPrefix.User));
        await _host.Get<EmailClaims>().ClaimAsync(email, tenant, user, EmailClaims.HashOf(key), None);
        return (tenant, user);
    }

    private async Task<User> ReadUserAsync(SignedIn signedIn) =>
        (await _host.Get<IDocumentStore>().ReadAsync<User>(signedIn.Tenant.Id, User.Key(signedIn.User.Id), None))!.Value;

    private Task<CommitResult> PutAsync<T>(TenantId tenant, DocumentKey key, T value) =>
        _host.Get<IDocumentStore>().CommitAsync(tenant, [new DocumentWrite.Put(key, DocumentJson.Serialize(value), [])], None);

    private static int IterationsOf(string hash) => (int)BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));
}
