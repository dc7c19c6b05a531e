using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Support;

/// <summary>Installs the Node packages, those for development among them, before the first test: an install in the middle would pull them from under a running one.</summary>
internal static class NodePackagesFirst
{
    // No method of this module may go on behind an await in here: on another thread it would wait for the initializer, which waits for it.
    [ModuleInitializer]
    internal static void Install()
    {
        using var services = NodeUnderTest.Services();
        services.GetRequiredService<INodeWorkspace>().PrepareAsync(PackageSet.Development, progress: null, CancellationToken.None).GetAwaiter().GetResult();
    }
}
