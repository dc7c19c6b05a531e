using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>Tokens of sessions and users that are no more, and what a sign-in tells of who is known.</summary>
public sealed class EndedSessionTests
{
    [Fact]
    public async Task Refresh_OneTokenOnTwoHostsAtOnce_LeavesNoTwoSessions()
    {
        using var folder = new TemporaryFolder();
        var setup = new ApiSetup { Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        for (var round = 0; round < 5; round++)
        {
            var ann = await one.RegisterAsync($"ann{round}");
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? one : two).PostAsync("/api/auth/refresh", new { refreshToken = ann.RefreshToken })));
            var won = answers.Where(static answer => answer.StatusCode == HttpStatusCode.OK).ToList();
            Assert.True(won.Count <= 1, $"{won.Count} refreshed");
            Assert.All(answers.Except(won), static answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
            foreach (var answer in won)
            {
                var session = await answer.JsonAsync();
                await (await two.GetAsync("/api/auth/me", session.Text("token"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
                await (await one.PostAsync("/api/auth/refresh", new { refreshToken = session.Text("refreshToken") })).ExpectErrorAsync(ErrorCodes.Unauthorized);
            }
        }
    }

    [Fact]
    public async Task Refresh_TokenFromManyRotationsAgo_EndsTheSessionOnEveryHost()
    {
        using var folder = new TemporaryFolder();
        var setup = new ApiSetup { Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var ann = await one.RegisterAsync();
        var session = await (await one.PostAsync("/api/auth/refresh", new { refreshToken = ann.RefreshToken })).JsonAsync();
        for (var i = 0; i < 5; i++)
        {
            session = await (await (i % 2 == 0 ? two : one).PostAsync("/api/auth/refresh", new { refreshToken = session.Text("refreshToken") })).JsonAsync();
        }

        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/api/auth/me", session.Text("token"))).StatusCode);
        await (await two.PostAsync("/api/auth/refresh", new { refreshToken = ann.RefreshToken })).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await one.GetAsync("/api/auth/me", session.Text("token"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await one.PostAsync("/api/auth/refresh", new { refreshToken = session.Text("refreshToken") })).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Theory]
    [InlineData("deactivated")]
    [InlineData("deleted")]
    public async Task EveryToken_OfAUserThatIsNoMore_IsRefusedAtOnce(string how)
    {
        using var folder = new TemporaryFolder();
        var setup = new ApiSetup { Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var ann = await one.RegisterAsync();
        Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("/api/auth/me", ann.Token)).StatusCode);

        await ChangeUserAsync(one, ann, how);

        foreach (var host in new[] { one, two })
        {
            await (await host.GetAsync("/api/auth/me", ann.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await host.GetAsync("/api/bots", ann.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await host.GetAsync("/api/events", ann.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await host.PostAsync("/api/auth/refresh", new { refreshToken = ann.RefreshToken })).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await host.PostAsync("/api/auth/login", new { email = ann.Email, password = ann.Password })).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await host.PostAsync("/api/auth/password", new { currentPassword = ann.Password, newPassword = "an even longer evening" }, ann.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
        }
    }

    [Fact]
    public async Task Password_Changed_EndsEveryOtherTokenOnEveryHost()
    {
        using var folder = new TemporaryFolder();
        var setup = new ApiSetup { Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var ann = await one.RegisterAsync();
        var thief = await (await two.PostAsync("/api/auth/login", new { email = ann.Email, password = ann.Password })).JsonAsync();
        var rotated = await (await two.PostAsync("/api/auth/refresh", new { refreshToken = thief.Text("refreshToken") })).JsonAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await one.PostAsync("/api/auth/password", new { currentPassword = ann.Password, newPassword = "an even longer evening" }, ann.Token)).StatusCode);

        foreach (var session in new[] { thief, rotated })
        {
            await (await two.GetAsync("/api/auth/me", session.Text("token"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await two.PostAsync("/api/auth/refresh", new { refreshToken = session.Text("refreshToken") })).ExpectErrorAsync(ErrorCodes.Unauthorized);
        }
    }

    [Fact]
    public async Task Login_OfKnownUnknownAndDeactivated_ComputesTheSameHashes()
    {
        var hasher = new CountingHasher();
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Services = services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<User>>(hasher)) });
        var ann = await api.RegisterAsync("ann");
        var eve = await api.RegisterAsync("eve");
        await ChangeUserAsync(api, eve, "deactivated");
        var work = new List<string>();
        foreach (var (email, password) in new[]
        {
            (ann.Email, "not the password"), ("nobody@example.com", "not the password"), ("no address at all", "not the password"), (eve.Email, eve.Password), (eve.Email, "not the password"), (ann.Email.ToUpperInvariant(), "not the password"),
            ("nobody@example.com", new string('x', 250)), (ann.Email, new string('x', 250)), (new string('n', 300) + "@example.com", "not the password"),
        })
        {
            hasher.Work.Clear();
            await (await api.PostAsync("/api/auth/login", new { email, password })).ExpectErrorAsync(ErrorCodes.Unauthorized);
            work.Add(string.Join(' ', hasher.Work));
        }

        // One check, against a hash of the same making: as many rounds for nobody as for somebody.
        Assert.Equal(["verify 1000"], work.Distinct(StringComparer.Ordinal));
    }

    private static async Task ChangeUserAsync(ApiFixture api, Account account, string how)
    {
        var documents = api.Services.GetRequiredService<IDocumentStore>();
        var tenant = new TenantId(account.TenantId);
        var user = (await documents.ReadAsync<User>(tenant, User.Key(account.UserId), CancellationToken.None))!;
        DocumentWrite write = how == "deleted"
            ? new DocumentWrite.Delete(User.Key(account.UserId)) { Condition = Precondition.Match(user.ETag) }
            : new Batch().Put(User.Key(account.UserId), user.Value with { Active = false }, Precondition.Match(user.ETag), []).Writes[0];
        Assert.True((await documents.CommitAsync(tenant, [write], CancellationToken.None)).Committed);
    }

    /// <summary>The framework's hasher, that tells what it did and with how many rounds.</summary>
    private sealed class CountingHasher : IPasswordHasher<User>
    {
        private readonly PasswordHasher<User> _hasher = new(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));

        public ConcurrentQueue<string> Work { get; } = [];

        public string HashPassword(User user, string password)
        {
            Work.Enqueue("hash");
            return _hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            // Version 3 of the format: one byte, the function, the rounds, each four bytes, high first.
            Work.Enqueue($"verify {System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(hashedPassword).AsSpan(5))}");
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
