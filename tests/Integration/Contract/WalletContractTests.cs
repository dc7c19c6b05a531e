using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>Transfers over HTTP: what is asked, what would come of it, and what is refused by name.</summary>
[Collection(PlatformCollection.Name)]
public sealed class WalletContractTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task DryRun_OfATransfer_SaysWhatWouldComeOfItAndReservesNothing()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync("Ada", new { capabilities = new { limits = new { perTransaction = "4", confirmAbove = "2" } } });
        await ann.User.FundAsync(bot, "3");
        var to = await ann.User.AddressOfAsync(bot);

        var plain = await DryRunAsync(ann, bot, new { to, amount = "1.50", token = "NIGHT", note = new string('n', 500) });
        Assert.Equal((true, "1.5", "1500000", "NIGHT"), (plain.GetProperty("valid").GetBoolean(), Text(plain, "amount"), Text(plain, "atomic"), Text(plain, "token")));
        Assert.Equal((to, "0", false, false), (Text(plain, "to"), Text(plain, "fee"), plain.GetProperty("needsConfirmation").GetBoolean(), plain.GetProperty("needsApproval").GetBoolean()));
        Assert.True((await DryRunAsync(ann, bot, new { to, amount = "2.000001" })).GetProperty("needsConfirmation").GetBoolean());
        AssertRefused(await DryRunAsync(ann, bot, new { to, amount = "3.5" }), "INSUFFICIENT_FUNDS", "amount");
        AssertRefused(await DryRunAsync(ann, bot, new { to, amount = "5" }), "POLICY_DENIED", "amount");
        AssertRefused(await DryRunAsync(ann, bot, new { to = to[..^1], amount = "1" }), "INVALID_ADDRESS", "to");
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send?dryRun=true", new { to, amount = "0" })).IsError("INVALID_REQUEST", "amount");
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send?dryRun=maybe", new { to, amount = "1" })).IsError("INVALID_REQUEST", "dryRun");
        Assert.Equal("3", await ann.User.AvailableAsync(bot));
        Assert.DoesNotContain((await ann.GetAsync($"/api/bots/{bot}/transactions")).Json.GetProperty("data").EnumerateArray(), static t => Text(t, "direction") == "out");
        await ann.PostAsync($"/api/bots/{bot}/pause");
        AssertRefused(await DryRunAsync(ann, bot, new { to, amount = "1" }), "INVALID_STATE", null);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.000000")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("1.0000001")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData(" 1")]
    [InlineData("0x10")]
    [InlineData("٣")]
    [InlineData("NaN")]
    [InlineData("")]
    [InlineData("999999999999999999999999999999999999999999")]
    public async Task Send_OfWhatIsNoAmount_IsInvalidRequest(string amount)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        var to = await ann.User.AddressOfAsync(bot);
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to, amount })).IsError("INVALID_REQUEST", "amount");
        (await ann.PostAsync("/api/devnet/faucet", new { address = to, amount })).IsError("INVALID_REQUEST", "amount");
    }

    [Theory]
    [InlineData("""{"amount":"1"}""", "to")]
    [InlineData("""{"to":"ADDRESS"}""", "amount")]
    [InlineData("""{"to":"ADDRESS","amount":1}""", "amount")]
    [InlineData("""{"to":"ADDRESS","amount":"1","token":"DUST"}""", "token")]
    [InlineData("""{"to":"ADDRESS","amount":"1","token":7}""", "token")]
    [InlineData("""{"to":"ADDRESS","amount":"1","note":"LONG"}""", "note")]
    [InlineData("""{"to":"ADDRESS","amount":"1","note":"a\u0000b"}""", "note")]
    [InlineData("""{"to":"ADDRESS","amount":"1","amount":"2"}""", "amount")]
    [InlineData("""{"to":"ADDRESS","amount":"1"}}""", "body")]
    public async Task Send_WrongField_NamesIt(string body, string field)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        var filled = body.Replace("ADDRESS", await ann.User.AddressOfAsync(bot), StringComparison.Ordinal).Replace("LONG", new string('n', 501), StringComparison.Ordinal);
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send", filled)).IsError("INVALID_REQUEST", field);
    }

    [Fact]
    public async Task Addresses_ThatAreNone_AreInvalidAddressWhereverTheyStand()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        var addresses = (await ann.GetAsync($"/api/bots/{bot}/wallet")).Json.GetProperty("addresses");
        var own = Text(addresses, "unshielded")!;
        var codec = platform.Services.GetRequiredService<IAddressCodec>();
        var hex = codec.ParseUnshielded(own, NetworkId.Undeployed).Value.Hex;
        string[] wrong =
        [
            "bob", own[..^1], own[..^1] + (own[^1] == 'q' ? 'p' : 'q'), own.Replace("mn_addr", "MN_addr", StringComparison.Ordinal), hex,
            codec.EncodeUnshielded(hex, new NetworkId("preview")).Text, codec.EncodeUnshielded(hex, new NetworkId("mainnet")).Text,
            Text(addresses, "shielded")!, Text(addresses, "dust")!,
        ];
        foreach (var address in wrong)
        {
            (await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to = address, amount = "1" })).IsError("INVALID_ADDRESS", "to");
            (await ann.PostAsync("/api/devnet/faucet", new { address, amount = "1" })).IsError("INVALID_ADDRESS", "address");
            (await ann.SendAsync("DELETE", $"/api/bots/{bot}?sweepTo={address}", null)).IsError("INVALID_ADDRESS", "sweepTo");
        }
    }

    private static async Task<JsonElement> DryRunAsync(CheckedClient ann, string bot, object body) =>
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send?dryRun=true", body)).Is(HttpStatusCode.OK).Json;

    private static void AssertRefused(JsonElement outcome, string code, string? field)
    {
        Assert.False(outcome.GetProperty("valid").GetBoolean());
        Assert.Equal(code, Text(outcome.GetProperty("error"), "code"));
        Assert.True(field is null || outcome.GetProperty("error").GetProperty("details").TryGetProperty(field, out _), outcome.GetRawText());
    }

    private static string? Text(JsonElement owner, string field) => owner.GetProperty(field).GetString();
}
