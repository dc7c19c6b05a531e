using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>Node.js and the packages as the product finds and installs them, for programs and tests that start a Node program themselves.</summary>
internal static class NodeUnderTest
{
    public static async Task<NodePaths> PrepareAsync(PackageSet packages)
    {
        await using var services = Services();
        return await services.GetRequiredService<INodeWorkspace>().PrepareAsync(packages, progress: null, CancellationToken.None);
    }

    public static ServiceProvider Services() => new ServiceCollection().AddLogging().AddNodeWorkspace(new ConfigurationBuilder().Build()).BuildServiceProvider();
}
