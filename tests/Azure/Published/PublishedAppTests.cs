using System.Diagnostics;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Published;

/// <summary>The folders that are deployed: what the Functions host finds in them, and that their programs start as it starts them, without Docker.</summary>
public sealed class PublishedAppTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // What the host sets for its worker, without the one thing that only the host knows.
    private static readonly (string Name, string Value)[] FunctionsEnvironment =
    [
        ("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
        ("FUNCTIONS_EXTENSION_VERSION", "~4"),
        ("AzureWebJobsStorage__accountName", "example"),
        ("TASKHUB_NAME", "flows"),
        ("Midnight__Network", "preview"),
    ];

    [Theory]
    [InlineData("functions/Azure.Api/MidnightOS.Azure.Api.csproj", "the API")]
    [InlineData("orchestrations/Azure/MidnightOS.Azure.Flows.csproj", "the flows' app")]
    [InlineData("functions/Azure.Prover/MidnightOS.Azure.Prover.csproj", "the prover")]
    public async Task Start_PublishedFolderWithoutTheHostsAddress_SaysWhatIsMissing(string project, string app)
    {
        var folder = Directory.CreateTempSubdirectory("midnightos-published-");
        try
        {
            var published = await RunAsync(Dotnet, Repository.Root, "publish", project, "--output", folder.FullName, "-p:MidnightEdition=azure", "-nodeReuse:false");
            Assert.True(published.ExitCode == 0, published.Said);
            Assert.All(["host.json", "worker.config.json", "extensions.json"], file => Assert.True(File.Exists(Path.Combine(folder.FullName, file)), file));
            Assert.False(File.Exists(Path.Combine(folder.FullName, "local.settings.json")));

            // The host's own way to start the worker.
            var worker = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "worker.config.json")))!["description"]!;
            var program = Path.Combine(folder.FullName, (string)worker["defaultWorkerPath"]!);
            var started = await RunAsync(Dotnet, folder.FullName, program);
            Assert.Equal("dotnet", (string?)worker["defaultExecutablePath"]);
            Assert.Equal(1, started.ExitCode);
            Assert.StartsWith($"This is {app} of MidnightOS.Functions", started.Said, StringComparison.Ordinal);
            Assert.Contains("the host's address is missing", started.Said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in FunctionsEnvironment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await errors + await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
