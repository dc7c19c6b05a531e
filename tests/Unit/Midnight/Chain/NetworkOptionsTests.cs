using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight;
using MidnightOS.Midnight.Chain;
using Xunit;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

public sealed class NetworkOptionsTests
{
    [Fact]
    public void Of_NothingConfigured_IsTheLocalDevnet()
    {
        using var services = Services();
        var profile = services.GetRequiredService<NetworkProfile>();

        Assert.Equal(new NetworkProfile("devnet", NetworkId.Undeployed, null), profile);
        Assert.Equal(new Uri("ws://127.0.0.1:8088/api/v4/graphql/ws"), Endpoints(services).IndexerSocket);
        Assert.Equal(new Uri("http://127.0.0.1:9944/"), Endpoints(services).Node);
    }

    [Theory]
    [InlineData("preview")]
    [InlineData("preprod")]
    [InlineData("mainnet")]
    public void Profile_LiveNetwork_SaysWhyNothingCanBeSent(string network)
    {
        using var services = Services(("Network", network));
        var profile = services.GetRequiredService<NetworkProfile>();

        Assert.True(profile.Id.IsLive);
        Assert.Equal(network, profile.Id.Name);
        Assert.Contains("DUST fees cannot be paid yet", profile.CannotSendBecause, StringComparison.Ordinal);
        Assert.Equal(new Uri($"wss://indexer.{network}.midnight.network/api/v4/graphql/ws"), Endpoints(services).IndexerSocket);
    }

    [Fact]
    public void Of_BareOrigin_GetsTheOfficialPath()
    {
        using var services = Services(("Indexer", "https://indexer.example:8443"), ("Node", "https://node.example"));

        Assert.Equal(new Uri("https://indexer.example:8443/api/v4/graphql"), Endpoints(services).Indexer);
        Assert.Equal(new Uri("wss://indexer.example:8443/api/v4/graphql/ws"), Endpoints(services).IndexerSocket);
        Assert.Equal(new Uri("https://indexer.example:8443/faucet"), Endpoints(services).Faucet);
    }

    [Theory]
    [InlineData("Network", "testnet", "Midnight:Network must be one of devnet, preview, preprod, mainnet, not \"testnet\".")]
    [InlineData("Indexer", "indexer", "Midnight:Indexer must be an absolute http or https address")]
    [InlineData("IndexerWebSocket", "http://x/ws", "Midnight:IndexerWebSocket must be an absolute ws or wss address")]
    [InlineData("Node", "ws://x", "Midnight:Node must be an absolute http or https address")]
    [InlineData("Node", "http://user:secret@x", "Midnight:Node must not have user information")]
    [InlineData("Resilience:Retries", "-1", "Midnight:Resilience:Retries must be between 0 and 20")]
    [InlineData("Resilience:TotalTimeout", "00:00:01", "Midnight:Resilience:TotalTimeout must be between")]
    public void Validate_UnusableSetting_NamesIt(string setting, string value, string message)
    {
        using var services = Services((setting, value));
        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<NetworkProfile>());
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private static ChainEndpoints Endpoints(IServiceProvider services) =>
        ChainEndpoints.Of(services.GetRequiredService<IOptions<MidnightNetworkOptions>>().Value);

    private static ServiceProvider Services(params (string Setting, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"Midnight:{pair.Setting}", (string?)pair.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddMidnight(configuration).BuildServiceProvider();
    }
}
