using System.Diagnostics;
using System.Text.Json.Nodes;

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
        var start = new ProcessStartInfo(
            "node", [MainScript(), "--indexer-port", "0", "--node-port", "0", "--data", folder, "--exit-with-stdin"])
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

    // In a folder above the program, where the host looks for it too.
    private static string MainScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "Midnight", "devnet", "src", "main.js");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new SoakException("The folder shared/Midnight/devnet was not found.");
    }
}
