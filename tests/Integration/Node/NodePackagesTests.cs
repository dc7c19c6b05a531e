using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Tests.Integration.Node;

public sealed class NodePackagesTests : IDisposable
{
    private const string Lock = """{ "name": "t", "version": "1.0.0", "lockfileVersion": 3, "packages": { "": { "name": "t", "version": "1.0.0" } } }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-").FullName;

    public NodePackagesTests()
    {
        File.WriteAllText(Path.Combine(_folder, "package.json"), """{ "name": "t", "version": "1.0.0" }""");
        File.WriteAllText(Path.Combine(_folder, PackagesFolder.LockFile), Lock);
    }

    [Fact]
    public async Task PrepareAsync_Current_RunsNothing()
    {
        var first = new Progress();
        await using (var services = Services())
        {
            var paths = await Workspace(services).PrepareAsync(PackageSet.Product, first, CancellationToken.None);
            Assert.Equal(_folder, paths.Packages);
        }

        Assert.NotEmpty(first.Said);
        var second = new Progress();
        await using (var services = Services())
        {
            await Workspace(services).PrepareAsync(PackageSet.Product, second, CancellationToken.None);
        }

        Assert.Empty(second.Said);
    }

    [Fact]
    public async Task PrepareAsync_LockFileChanged_InstallsAgain()
    {
        await using var services = Services();
        await Workspace(services).PrepareAsync(PackageSet.Development, null, CancellationToken.None);
        Assert.True(NodePackages.IsCurrent(_folder, PackageSet.Product));
        await File.WriteAllTextAsync(Path.Combine(_folder, PackagesFolder.LockFile), Lock + "\n");

        Assert.False(NodePackages.IsCurrent(_folder, PackageSet.Product));
        await Workspace(services).PrepareAsync(PackageSet.Development, null, CancellationToken.None);
        Assert.True(NodePackages.IsCurrent(_folder, PackageSet.Development));
    }

    [Fact]
    public async Task PrepareAsync_ProductInstalled_DoesNotServeDevelopment()
    {
        await using var services = Services();
        await Workspace(services).PrepareAsync(PackageSet.Product, null, CancellationToken.None);
        Assert.True(NodePackages.IsCurrent(_folder, PackageSet.Product));
        Assert.False(NodePackages.IsCurrent(_folder, PackageSet.Development));
    }

    [Fact]
    public async Task PrepareAsync_DevelopmentToolsInstalledByHand_AreKept()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "node_modules", ".package-lock.json"), """{ "packages": { "x": { "dev": true } } }""");
        await using var services = Services();
        await Workspace(services).PrepareAsync(PackageSet.Product, null, CancellationToken.None);
        Assert.True(NodePackages.IsCurrent(_folder, PackageSet.Development));
    }

    [Fact]
    public async Task PrepareAsync_TwoHostsAtOnce_OneInstalls()
    {
        await using var left = Services();
        await using var right = Services();
        var said = new[] { new Progress(), new Progress() };
        await Task.WhenAll(
            Workspace(left).PrepareAsync(PackageSet.Product, said[0], CancellationToken.None),
            Workspace(right).PrepareAsync(PackageSet.Product, said[1], CancellationToken.None));

        Assert.Single(said.SelectMany(progress => progress.Said), line => line.StartsWith("Installing", StringComparison.Ordinal));
        Assert.True(NodePackages.IsCurrent(_folder, PackageSet.Product));
    }

    [Fact]
    public async Task PrepareAsync_LockFileBroken_SaysWhyInOneSentence()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, PackagesFolder.LockFile), "{");
        await using var services = Services();
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(
            () => Workspace(services).PrepareAsync(PackageSet.Product, null, CancellationToken.None));
        Assert.Contains(_folder, failure.Message, StringComparison.Ordinal);
        Assert.False(NodePackages.IsCurrent(_folder, PackageSet.Product));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task GetAsync_TooOld_SaysSo()
    {
        var program = Path.Combine(_folder, "node");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho v18.19.0\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(
            () => new NodeRuntime(Options.Create(new NodeOptions { Path = program })).GetAsync(CancellationToken.None));
        Assert.Contains("v18.19.0, which is too old", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v20.11.1\n", 20)]
    [InlineData("v24.0.0-nightly", 24)]
    [InlineData("20.1.0", null)]
    [InlineData("", null)]
    [InlineData("vx.1", null)]
    public void MajorVersion_Text_IsRead(string text, int? expected) => Assert.Equal(expected, NodeRuntime.MajorVersion(text));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static INodeWorkspace Workspace(ServiceProvider services) => services.GetRequiredService<INodeWorkspace>();

    private ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Midnight:PackagesFolder", _folder)]).Build();
        return new ServiceCollection().AddLogging().AddNodeWorkspace(configuration).BuildServiceProvider();
    }

    private sealed class Progress : IProgress<string>
    {
        public List<string> Said { get; } = [];

        public void Report(string value)
        {
            lock (Said)
            {
                Said.Add(value);
            }
        }
    }
}
