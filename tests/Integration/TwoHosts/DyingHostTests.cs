using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;
using SQLitePCL;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>Two hosts as processes of their own, with nothing but the data folder in common: one is killed, and its devnet with it, or stands still.</summary>
public sealed class DyingHostTests
{
    private const int Sends = 30;

    [Fact]
    public async Task Sends_HostWithTheDevnetIsKilled_TheOtherTakesItOnAndEndsThemAll()
    {
        using var folder = new TemporaryFolder();
        await using var dying = Host(folder);
        await using var living = Host(folder);
        using var both = await StartAsync(dying, living);
        var (alice, bob, to) = await MoneyAsync(both);
        var accepted = await SendAsync(both, alice, to);
        var creation = await both.One.PostAsync("/api/bots", new { name = "Late", type = "general" }, HttpStatusCode.Accepted);
        await dying.KillAsync();

        await AssertPaidOnceAsync(both.Two, folder, (alice, bob, to), accepted);
        await both.Two.UntilAsync($"/api/operations/{creation["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
    }

    [Fact]
    public async Task Sends_HostStandsStillForLongerThanItsLeases_PaysOnceWhenItGoesOn()
    {
        using var folder = new TemporaryFolder();
        await using var halting = Host(folder);
        await using var living = Host(folder);
        using var both = await StartAsync(halting, living);
        var (alice, bob, to) = await MoneyAsync(both);
        var accepted = await SendAsync(both, alice, to);
        await HaltBetweenWritesAsync(halting, folder);
        foreach (var id in accepted)
        {
            await both.Two.EndOfAsync(id);
        }

        await halting.GoOnAsync();
        await AssertPaidOnceAsync(both.One, folder, (alice, bob, to), accepted);
        var last = await both.One.PostAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "20" }, HttpStatusCode.Accepted);
        Assert.Equal("confirmed", (string?)(await both.Two.EndOfAsync((string)last["transaction"]!["id"]!))["status"]);
        Assert.Equal(("0", "0"), (await both.One.TotalAsync(alice), await both.Two.AvailableAsync(alice)));
    }

    // A process that is stopped while it holds a database's write lock keeps it, and every other waits until it goes on: SQLite cannot know that it is no more than slow.
    // What is shown here is what happens when it holds leases alone, so neither database may be locked: not the one of the records, and not the one of the leases.
    private static async Task HaltBetweenWritesAsync(HostProcess host, TemporaryFolder folder)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            await host.HaltAsync();
            if (IsFree(folder.File("data", "midnight.db")) && IsFree(folder.File("data", "volatile.db")))
            {
                return;
            }

            await host.GoOnAsync();
        }

        Assert.Fail("The host was never between two writes.");
    }

    private static bool IsFree(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadWrite;Pooling=False");
        connection.Open();

        // Past the driver, which would wait for the lock: who holds it stands still.
        var begun = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");
        Assert.True(begun is raw.SQLITE_OK or raw.SQLITE_BUSY, $"SQLite answered {begun}.");
        return begun == raw.SQLITE_OK && raw.sqlite3_exec(connection.Handle, "ROLLBACK") == raw.SQLITE_OK;
    }

    private static async Task<Both> StartAsync(HostProcess first, HostProcess second)
    {
        await first.StartAsync();
        await second.StartAsync();
        var one = await PlatformClient.SignUpAsync(first.Address);
        return new Both(one, one.On(second.Address));
    }

    private static async Task<(string Alice, string Bob, string To)> MoneyAsync(Both both)
    {
        var (alice, bob) = (await both.One.CreateBotAsync("Alice"), await both.Two.CreateBotAsync("Bob"));
        for (var coin = 0; coin < 5; coin++)
        {
            await both[coin].FundAsync(alice, "10");
        }

        return (alice, bob, await both.Two.AddressOfAsync(bob));
    }

    private static Task<string[]> SendAsync(Both both, string bot, string to) => Task.WhenAll(Enumerable.Range(0, Sends).Select(async n =>
    {
        using var answer = await both[n].Http.PostAsJsonAsync($"/api/bots/{bot}/wallet/send", new { to, amount = "1" });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["transaction"]!["id"]!;
    }));

    private static async Task AssertPaidOnceAsync(PlatformClient client, TemporaryFolder folder, (string Alice, string Bob, string To) money, string[] accepted)
    {
        foreach (var id in accepted)
        {
            Assert.Equal("confirmed", (string?)(await client.EndOfAsync(id))["status"]);
        }

        await client.UntilAsync($"/api/bots/{money.Bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "30");
        Assert.Equal(("20", "20"), (await client.TotalAsync(money.Alice), await client.AvailableAsync(money.Alice)));
        var devnet = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("data", "devnet", "endpoints.json")))!;
        Assert.Equal("30000000", await ChainUnderCrashes.BalanceAsync(new Uri((string)devnet["indexer"]!), new Uri((string)devnet["node"]!), money.To));
    }

    // It never kills itself, and its clock is right.
    private static HostProcess Host(TemporaryFolder folder) => new(
        ["^$", folder.File("deaths.txt"), "00:00:00", .. PlatformUnderTest.Arguments(folder.File("data")), "--Flows:LeaseDuration", "00:00:02"]);
}
