using System.Net;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>A live network whose services are out of reach: the platform stands, and says what does not work.</summary>
public sealed class LiveNetworkTests
{
    // No answer may hang on a dead upstream; this is the patience of a client, far above what an answer takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Platform_WithADeadUpstream_WorksButForSendingAndSaysSo(bool silent)
    {
        using var upstream = new SilentUpstream();
        var address = silent ? upstream.Address : SilentUpstream.Gone();
        var folder = Directory.CreateTempSubdirectory("midnightos-");
        await using (var host = await PlatformUnderTest.StartAsync(folder.FullName, "--Midnight:Network", "preview", "--Midnight:Indexer", address, "--Midnight:Node", address))
        {
            using var ann = await CheckedClient.SignUpAsync(new Uri(host.Urls.First())).WaitAsync(Patience);
            (await ann.PostAsync("/api/auth/login", new { email = ann.User.Email, password = PlatformClient.Password }).WaitAsync(Patience)).Is(HttpStatusCode.OK);
            var bot = await ann.User.CreateBotAsync().WaitAsync(Patience);
            var wallet = (await ann.GetAsync($"/api/bots/{bot}/wallet").WaitAsync(Patience)).Is(HttpStatusCode.OK);
            var to = wallet.At("addresses.unshielded");
            var path = $"/api/bots/{bot}/wallet/send";

            Assert.StartsWith("mn_addr_preview1", to, StringComparison.Ordinal);
            Assert.Equal(("preview", "unavailable"), (wallet.At("network"), wallet.At("sync.state")));
            var refused = (await ann.PostAsync(path, new { to, amount = "1" }).WaitAsync(Patience)).IsError("UPSTREAM_UNAVAILABLE");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Contains("Nothing can be sent on preview", refused.At("detail"), StringComparison.Ordinal);
            Assert.Equal("UPSTREAM_UNAVAILABLE", (await ann.PostAsync($"{path}?dryRun=true", new { to, amount = "1" }).WaitAsync(Patience)).Is(HttpStatusCode.OK).At("error.code"));
            var said = (await ann.PostAsync($"/api/bots/{bot}/chat", new { message = $"balance, then send 1 NIGHT to {to}" }).WaitAsync(Patience)).Is(HttpStatusCode.OK);
            Assert.Contains("Nothing can be sent on preview", said.At("response"), StringComparison.Ordinal);
            Assert.Empty(said.Json.GetProperty("transactionIds").EnumerateArray());

            var ready = (await ann.GetAsync("/health/ready").WaitAsync(Patience)).Is(HttpStatusCode.ServiceUnavailable).Json;
            var states = ready.GetProperty("dependencies").EnumerateArray().ToDictionary(static d => d.GetProperty("name").GetString()!, static d => d.GetProperty("state").GetString()!, StringComparer.Ordinal);
            Assert.Equal(("down", "down", "up", "up", "up"), (states["indexer"], states["node"], states["storage"], states["vault"], states["ledger"]));
            (await ann.GetAsync("/health").WaitAsync(Patience)).Is(HttpStatusCode.OK);

            // The faucet is the devnet's alone.
            Assert.DoesNotContain("faucet", await ann.User.Http.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
            await ann.User.PostAsync("/api/devnet/faucet", new { address = to, amount = "1" }, HttpStatusCode.NotFound);
        }

        folder.Delete(recursive: true);
    }
}
