using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Accounts.Entra;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Accounts.Entra;

/// <summary>Users of Entra over the real stores.</summary>
public sealed class SignInWithEntraTests : IAsyncDisposable
{
    private static readonly Guid Contoso = Guid.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly Guid Fabrikam = Guid.Parse("22222222-2222-2222-2222-222222222222");
    private static readonly EntraUser Ann = new(Contoso, Guid.Parse("aaaaaaaa-0000-0000-0000-000000000001"), "Ann", "ann@contoso.com", ["MidnightOS.Member"]);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly AccountsHost _host;

    public SignInWithEntraTests() => _host = Host();

    [Fact]
    public async Task Run_FirstTime_MakesTenantAndUserAndTheNextTimeFindsThem()
    {
        var first = (await SignInAsync(Ann)).Value;
        var again = (await SignInAsync(Ann)).Value;

        Assert.Equal(("contoso.com", "Ann", "ann@contoso.com", Role.Member), (first.Tenant.Name, first.User.Name, first.User.Email, first.User.Role));
        Assert.Equal((first.Tenant.Id, first.User.Id), (again.Tenant.Id, again.User.Id));
        Assert.NotEqual(first.RefreshToken, again.RefreshToken);
        Assert.True((await _host.Get<AuthenticateSession>().RunAsync(again.AccessToken, CancellationToken.None)).IsSuccess);
    }

    [Fact]
    public async Task Run_ManyAtOnceOnTwoHosts_MakesOneTenantAndOneUser()
    {
        await using var other = Host();
        var signedIn = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? _host : other).Get<SignInWithEntra>().RunAsync(Ann, CancellationToken.None)));
        var done = signedIn.Where(static result => result.IsSuccess).ToList();
        Assert.NotEmpty(done);
        Assert.Single(done.Select(static result => (result.Value.Tenant.Id, result.Value.User.Id)).Distinct());
        Assert.All(signedIn.Except(done), static result => Assert.Equal(ErrorCodes.Conflict, result.Error!.Code));
    }

    [Fact]
    public async Task Run_OfTwoDirectories_AreTwoTenantsAlsoForTheSameObjectId()
    {
        var (here, there) = ((await SignInAsync(Ann)).Value, (await SignInAsync(Ann with { Tenant = Fabrikam })).Value);
        Assert.NotEqual(here.Tenant.Id, there.Tenant.Id);
        Assert.NotEqual(here.User.Id, there.User.Id);
    }

    [Fact]
    public async Task Run_AddressOfALocalAccount_TouchesNothingOfIt()
    {
        var local = (await _host.Get<Register>().RunAsync(new Registration("ann@contoso.com", "a long quiet evening", "Local Ann", null), CancellationToken.None)).Value;
        var entra = (await SignInAsync(Ann with { Roles = ["MidnightOS.Owner"] })).Value;

        Assert.NotEqual(local.Tenant.Id, entra.Tenant.Id);
        var login = (await _host.Get<Login>().RunAsync("ann@contoso.com", "a long quiet evening", CancellationToken.None)).Value;
        Assert.Equal(local.User.Id, login.User.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a long quiet evening")]
    public async Task Run_UserOfEntra_HasNoPasswordThatWorks(string password)
    {
        var ann = (await SignInAsync(Ann)).Value;
        Assert.False((await _host.Get<Login>().RunAsync("ann@contoso.com", password, CancellationToken.None)).IsSuccess);
        var caller = (await _host.Get<AuthenticateSession>().RunAsync(ann.AccessToken, CancellationToken.None)).Value;
        Assert.False((await _host.Get<VerifyPassword>().RunAsync(caller, password, "password", CancellationToken.None)).IsSuccess);
        Assert.False((await _host.Get<ChangePassword>().RunAsync(caller, password, "another long evening", CancellationToken.None)).IsSuccess);
    }

    [Fact]
    public async Task Run_DirectoryThatIsNotAllowed_IsUnauthorizedAndMakesNothing()
    {
        var refused = await SignInAsync(Ann with { Tenant = Guid.NewGuid() });
        Assert.Equal(ErrorCodes.Unauthorized, refused.Error!.Code);
    }

    [Fact]
    public async Task Run_NoRoleOfThisApp_IsForbidden()
    {
        Assert.Equal(ErrorCodes.Forbidden, (await SignInAsync(Ann with { Roles = [] })).Error!.Code);
        Assert.Equal(ErrorCodes.Forbidden, (await SignInAsync(Ann with { Roles = ["Owner", "midnightos.owner"] })).Error!.Code);
    }

    [Fact]
    public async Task Run_UserWhoIsNotActive_IsUnauthorizedWhateverEntraSays()
    {
        var ann = (await SignInAsync(Ann)).Value;
        var documents = _host.Get<IDocumentStore>();
        var stored = (await documents.ReadAsync<User>(ann.Tenant.Id, User.Key(ann.User.Id), CancellationToken.None))!;
        await documents.CommitAsync(ann.Tenant.Id, [new DocumentWrite.Put(User.Key(ann.User.Id), DocumentJson.Serialize(stored.Value with { Active = false }), [])], CancellationToken.None);

        Assert.Equal(ErrorCodes.Unauthorized, (await SignInAsync(Ann with { Roles = ["MidnightOS.Owner"] })).Error!.Code);
        Assert.False((await _host.Get<AuthenticateSession>().RunAsync(ann.AccessToken, CancellationToken.None)).IsSuccess);
    }

    [Fact]
    public async Task Run_RoleChangedInEntra_IsTheRoleOfOpenSessionsToo()
    {
        var member = (await SignInAsync(Ann)).Value;
        await SignInAsync(Ann with { Roles = ["MidnightOS.Viewer"] });
        Assert.Equal(Role.Viewer, (await _host.Get<AuthenticateSession>().RunAsync(member.AccessToken, CancellationToken.None)).Value.Role);
    }

    [Fact]
    public async Task Refresh_AfterTheLifetimeOfEntraSessions_IsUnauthorized()
    {
        var token = (await SignInAsync(Ann)).Value.RefreshToken;
        _clock.Advance(TimeSpan.FromHours(7.9));
        token = (await _host.Get<RefreshSession>().RunAsync(token, CancellationToken.None)).Value.RefreshToken;
        _clock.Advance(TimeSpan.FromHours(0.2));
        Assert.False((await _host.Get<RefreshSession>().RunAsync(token, CancellationToken.None)).IsSuccess);
    }

    [Theory]
    [InlineData("MidnightOS.Viewer MidnightOS.Owner", Role.Owner)]
    [InlineData("MidnightOS.Member MidnightOS.Admin", Role.Admin)]
    [InlineData("Other MidnightOS.Viewer", Role.Viewer)]
    public void Role_OfSeveralAppRoles_IsTheGreatest(string roles, Role expected) => Assert.Equal(expected, (Ann with { Roles = roles.Split(' ') }).Role);

    [Theory]
    [InlineData("", "", "TenantId")]
    [InlineData("organizations", "", "TenantId")]
    [InlineData("organizations", "contoso.com", "AllowedTenants")]
    public void Problem_WithoutDirectories_NamesTheSetting(string tenant, string allowed, string setting)
    {
        var options = new EntraOptions { TenantId = tenant };
        if (allowed.Length > 0)
        {
            options.AllowedTenants.Add(allowed);
        }

        Assert.Contains($"AzureAd:{setting}", options.Problem(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private Task<Result<SignedIn>> SignInAsync(EntraUser user) => _host.Get<SignInWithEntra>().RunAsync(user, CancellationToken.None);

    private AccountsHost Host() => new(_folder.Path, _clock, static services =>
    {
        services.AddEntraAccounts();
        services.Configure<EntraOptions>(static options =>
        {
            options.AllowedTenants.Add(Contoso.ToString());
            options.AllowedTenants.Add(Fabrikam.ToString());
        });
    });
}
