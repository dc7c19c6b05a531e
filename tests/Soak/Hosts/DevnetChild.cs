using System.Diagnostics;
using System.Text.Json.Nodes;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>A devnet that no host runs.</summary>
internal sealed class DevnetChild : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private DevnetChild(Process process, JsonNode ready)
    {
        (_process, Indexer, Node) = (process, new Uri((string)ready["indexer"]!), new Uri((string)ready["node"]!));
        _reading = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    public Uri Indexer { get; }

    public Uri Node { get; }

    public static async Task<DevnetChild> StartAsync(string folder)
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Product);
        var start = new ProcessStartInfo(
            paths.Node, ["--no-warnings", Path.Combine(paths.Packages, "devnet", "src", "main.js"), "--indexer-port", "0", "--node-port", "0", "--data", folder, "--exit-with-stdin"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new SoakException($"The devnet did not start: {await process.StandardError.ReadToEndAsync()}");
        return new DevnetChild(process, JsonNode.Parse(line)!);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }
}
