using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MidnightOS.Midnight.Chain;

namespace MidnightOS.Tests.Integration.Chain;

/// <summary>The real devnet in a process of its own, on free ports; it ends with the test, also when the test dies.</summary>
internal sealed class DevnetUnderTest : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private DevnetUnderTest(Process process, JsonElement ready)
    {
        _process = process;
        Indexer = new Uri(ready.GetProperty("indexer").GetString()!);
        Endpoints = ChainEndpoints.Of(new MidnightNetworkOptions
        {
            Indexer = Indexer.AbsoluteUri,
            Node = ready.GetProperty("node").GetString(),
        });
    }

    public Uri Indexer { get; }

    public ChainEndpoints Endpoints { get; }

    /// <param name="data">The folder of the chain; null = it is forgotten.</param>
    public static async Task<DevnetUnderTest> StartAsync(string? data = null)
    {
        var main = Path.Combine(Root(), "shared", "Midnight", "devnet", "src", "main.js");
        string[] arguments = [main, "--indexer-port", "0", "--node-port", "0", "--exit-with-stdin"];
        var start = new ProcessStartInfo("node", data is null ? arguments : [.. arguments, "--data", data])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().Reason();
        return line is null
            ? throw new InvalidOperationException($"The devnet did not start; is `npm ci` done in shared/Midnight? {await errors}")
            : new DevnetUnderTest(process, JsonSerializer.Deserialize<JsonElement>(line));
    }

    /// <summary>One of the devnet's controls: <c>pause</c>, <c>resume</c>, <c>block</c>, <c>advance</c>.</summary>
    public async Task ControlAsync(string control, object? body = null)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(Indexer, $"/devnet/{control}"), body ?? new { });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sends a raw GraphQL query.</summary>
    public async Task<JsonElement> QueryAsync(string query)
    {
        using var response = await _http.PostAsJsonAsync(Endpoints.Indexer, new { query });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
    }

    /// <summary>Ends the process at once, as a power cut does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Reason();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().Reason();
        }

        _process.Dispose();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MidnightOS.Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
