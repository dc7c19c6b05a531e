using System.Net;
using System.Text.RegularExpressions;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Isolation;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>What happens on one host is heard on the other, in the same order.</summary>
[Collection(TwoHostsCollection.Name)]
public sealed partial class EventTests(HostPair hosts)
{
    [Fact]
    public async Task Stream_OfOneHost_TellsWhatTheOtherDoes()
    {
        using var both = await hosts.SignUpAsync();
        var readers = new[] { both.One, both.Two }.Select(static client => new EventReader(client, lastEventId: null).UntilAsync("\"status\":\"confirmed\"")).ToList();
        var (alice, bob) = (await both.One.CreateBotAsync("Alice"), await both.Two.CreateBotAsync("Bob"));
        var to = await both.One.AddressOfAsync(alice);
        await both.One.PostAsync("/api/devnet/faucet", new { address = to, amount = "3" });
        await both.Two.UntilAsync($"/api/bots/{alice}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "3");

        var heard = await Task.WhenAll(readers);
        Assert.Equal(IdsOf(heard[0]), IdsOf(heard[1]));
        Assert.All(heard, text =>
        {
            Assert.Contains(alice, text, StringComparison.Ordinal);
            Assert.Contains(bob, text, StringComparison.Ordinal);
            Assert.Equal(Enumerable.Range(1, IdsOf(text).Count).Select(static n => (long)n), IdsOf(text));
        });
    }

    [Fact]
    public async Task Stream_BrokenOnOneHost_GoesOnOnTheOtherWithoutLoss()
    {
        using var both = await hosts.SignUpAsync();
        var alice = await both.One.CreateBotAsync("Alice");
        var before = await new EventReader(both.One, "evt_00000000000000000000").UntilAsync("\"status\":\"running\"");
        var last = Id().Matches(before).Select(static match => match.Value).LastOrDefault() ?? "evt_00000000000000000000";
        await both.One.PostAsync($"/api/bots/{alice}/stop", null, HttpStatusCode.OK);
        var bob = await both.Two.CreateBotAsync("Bob");

        var after = await new EventReader(both.Two, last).UntilAsync(bob);
        Assert.Contains("\"status\":\"stopped\"", after, StringComparison.Ordinal);
        Assert.Equal(long.Parse(last["evt_".Length..]) + 1, IdsOf(after)[0]);
    }

    // The id comes after the data, so the last event of a cut text may lack it.
    private static List<long> IdsOf(string text) =>
        [.. DataId().Matches(text).Select(static match => long.Parse(match.Value)).Distinct()];

    [GeneratedRegex("(?<=^id: )evt_\\d+", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex("(?<=^data: \\{\"id\":\"evt_)\\d+", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DataId();
}
