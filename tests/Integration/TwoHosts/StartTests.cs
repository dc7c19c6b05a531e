using System.Net;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>Hosts that are started at the same moment on a data folder that is not there yet agree on everything that the first start makes.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_ManyAtOnceOnANewFolder_ShareKeysAccountsAndTheChain()
    {
        using var folder = new TemporaryFolder();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PlatformUnderTest.StartAsync(folder.File("data")))));
        try
        {
            var clients = await Task.WhenAll(hosts.Select(static host => PlatformClient.SignUpAsync(new Uri(host.Urls.First()))));
            foreach (var client in clients)
            {
                var bot = await client.CreateBotAsync();
                await client.FundAsync(bot, "2");
                foreach (var host in hosts)
                {
                    using var elsewhere = client.On(new Uri(host.Urls.First()));
                    Assert.Equal("2", await elsewhere.TotalAsync(bot));
                    await elsewhere.PostAsync("/api/auth/login", new { email = client.Email, password = PlatformClient.Password });
                    var sent = await elsewhere.PostAsync(
                        $"/api/bots/{bot}/wallet/send", new { to = await client.AddressOfAsync(bot), amount = "0.5" }, HttpStatusCode.Accepted);
                    Assert.Equal("confirmed", (string?)(await elsewhere.EndOfAsync((string)sent["transaction"]!["id"]!))["status"]);
                }

                client.Dispose();
            }
        }
        finally
        {
            // The devnet goes from host to host as they end.
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }
}
