using System.Runtime.CompilerServices;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Support;

/// <summary>Installs the Node packages, those for development among them, before the first test: an install in the middle would pull them from under a running one.</summary>
internal static class NodePackagesFirst
{
    [ModuleInitializer]
    internal static void Install() => NodeUnderTest.PrepareAsync(PackageSet.Development).GetAwaiter().GetResult();
}
