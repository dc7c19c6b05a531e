using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Tests.Integration.Support;

/// <summary>Installs the Node packages, those for development among them, before the first test: an install in the middle would pull them from under a running one.</summary>
internal static class NodePackagesFirst
{
    [ModuleInitializer]
    internal static void Install()
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging()
            .AddNodeWorkspace(new ConfigurationBuilder().Build()).BuildServiceProvider();
        services.GetRequiredService<INodeWorkspace>().PrepareAsync(PackageSet.Development, progress: null, CancellationToken.None).GetAwaiter().GetResult();
    }
}
