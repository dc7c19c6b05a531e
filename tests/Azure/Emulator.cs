using System.Diagnostics;
using System.Security.Cryptography;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure;

/// <summary>An emulator of tests/Emulators in a process of its own; it ends with the tests, also when they die.</summary>
/// <param name="program">The program: <c>cosmos.js</c>.</param>
public abstract class Emulator(string program) : IAsyncLifetime
{
    private Process? _process;
    private Task? _rest;

    /// <summary>What it finds in its environment besides.</summary>
    protected virtual Dictionary<string, string?> Environment { get; } = [];

    /// <summary>Where it answers.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Emulators");
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Product, folder);
        var start = new ProcessStartInfo(paths.Node, [Path.Combine(folder, "src", program)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        var errors = new List<string>();
        _process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        _process.BeginErrorReadLine();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
            {
                Address = new Uri(line[at..]);
                _rest = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException($"{program} did not start: {string.Join('\n', errors)}");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _rest!;
        _process.Dispose();
    }
}

/// <summary>The emulator of Cosmos DB, <c>@vercel/cosmosdb-server</c>.</summary>
public sealed class CosmosEmulator() : Emulator("cosmos.js");

/// <summary>The emulator of Blob Storage, Azurite.</summary>
public sealed class BlobEmulator() : Emulator("blob.js")
{
    /// <summary>The key of its one account, made for this run.</summary>
    internal static string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <inheritdoc/>
    protected override Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal) { ["AZURITE_ACCOUNTS"] = $"devstoreaccount1:{Key}" };
}
