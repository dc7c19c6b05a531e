using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>Node.js and the packages as the product finds and installs them, for programs and tests that start a Node program themselves.</summary>
internal static class NodeUnderTest
{
    /// <param name="packages">Which packages.</param>
    /// <param name="folder">Another folder of packages than the product's.</param>
    public static async Task<NodePaths> PrepareAsync(PackageSet packages, string? folder = null)
    {
        await using var services = Services(folder);
        return await services.GetRequiredService<INodeWorkspace>().PrepareAsync(packages, progress: null, CancellationToken.None);
    }

    public static ServiceProvider Services(string? folder = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Midnight:PackagesFolder", folder)]).Build();
        return new ServiceCollection().AddLogging().AddNodeWorkspace(configuration).BuildServiceProvider();
    }
}
