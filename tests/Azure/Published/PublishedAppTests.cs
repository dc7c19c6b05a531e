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

    private static readonly (string Name, string Value)[] WithAHost =
    [
        ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"),
        ("Functions__Worker__HostEndpoint", "http://127.0.0.1:9"),
        ("Functions__Worker__WorkerId", "worker"),
        ("Functions__Worker__RequestId", "request"),
        ("Functions__Worker__GrpcMaxMessageLength", "1000000"),
        ("Cosmos__Endpoint", "https://example.documents.azure.com"),
        ("Cosmos__Database", "midnightos"),
        ("Tables__Endpoint", "https://example.table.core.windows.net"),
        ("Blobs__Endpoint", "https://example.blob.core.windows.net"),
        ("ServiceBus__fullyQualifiedNamespace", "example.servicebus.windows.net"),
        ("KeyVault__Uri", "https://example.vault.azure.net"),
        ("KeyVault__WalletKey", "wallets"),
        ("KeyVault__SealKey", "payloads"),
        ("KeyVault__TokenKey", "tokens"),
        ("Api__PublicAddress", "http://localhost:7071"),
    ];

    [Theory]
    [InlineData("functions/Azure.Api/MidnightOS.Azure.Api.csproj", "the API")]
    [InlineData("orchestrations/Azure/MidnightOS.Azure.Flows.csproj", "the flows' app")]
    [InlineData("functions/Azure.Prover/MidnightOS.Azure.Prover.csproj", "the prover")]
    public async Task Start_PublishedFolder_SaysThatTheHostsAddressIsMissingOrLooksForTheHostThere(string project, string app)
    {
        var folder = Directory.CreateTempSubdirectory("midnightos-published-");
        try
        {
            var published = await RunAsync(Dotnet, Repository.Root, [], "publish", project, "--output", folder.FullName, "-p:MidnightEdition=azure", "-nodeReuse:false");
            Assert.True(published.ExitCode == 0, published.Said);
            Assert.All(["host.json", "worker.config.json", "extensions.json"], file => Assert.True(File.Exists(Path.Combine(folder.FullName, file)), file));
            Assert.False(File.Exists(Path.Combine(folder.FullName, "local.settings.json")));

            // The host's own way to start the worker.
            var worker = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "worker.config.json")))!["description"]!;
            var program = Path.Combine(folder.FullName, (string)worker["defaultWorkerPath"]!);
            var started = await RunAsync(Dotnet, folder.FullName, [], program);
            Assert.Equal("dotnet", (string?)worker["defaultExecutablePath"]);
            Assert.Equal(1, started.ExitCode);
            Assert.StartsWith($"This is {app} of MidnightOS.Functions", started.Said, StringComparison.Ordinal);
            Assert.Contains("the host's address is missing", started.Said, StringComparison.Ordinal);

            // With an address at which nobody listens, everything before the host is in order: settings, and that the app fits together, which is checked on a developer's machine.
            var alone = await RunAsync(Dotnet, folder.FullName, WithAHost, program);
            Assert.NotEqual(0, alone.ExitCode);
            Assert.Contains("Connection refused", alone.Said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, string folder, (string Name, string Value)[] more, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in FunctionsEnvironment.Concat(more))
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
