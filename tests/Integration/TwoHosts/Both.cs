using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>A user's clients of both hosts, which end together.</summary>
internal sealed class Both(PlatformClient one, PlatformClient two) : IDisposable
{
    public PlatformClient One => one;

    public PlatformClient Two => two;

    /// <summary>The client of the host whose turn it is.</summary>
    public PlatformClient this[int turn] => turn % 2 == 0 ? one : two;

    public void Dispose()
    {
        one.Dispose();
        two.Dispose();
    }
}
