using Microsoft.AspNetCore.Builder;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>Two hosts on one data folder and one chain, started at the same moment on a folder that has nothing in it yet.</summary>
public sealed class HostPair : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-").FullName;
    private WebApplication[] _hosts = [];

    /// <summary>The chain of both, a process of its own.</summary>
    internal ChainUnderCrashes Chain { get; } = new();

    internal string Data => Path.Combine(_folder, "data");

    internal Uri One => new(_hosts[0].Urls.First());

    internal Uri Two => new(_hosts[1].Urls.First());

    public async Task InitializeAsync()
    {
        await Chain.InitializeAsync();
        _hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => PlatformUnderTest.StartAsync(Data, Chain.Settings))));
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Chain.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A user of a tenant of its own, on both hosts.</summary>
    internal async Task<Both> SignUpAsync()
    {
        var one = await PlatformClient.SignUpAsync(One);
        return new Both(one, one.On(Two));
    }
}

[CollectionDefinition(Name)]
public sealed class TwoHostsCollection : ICollectionFixture<HostPair>
{
    public const string Name = "two hosts";
}
