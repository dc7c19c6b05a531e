using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Azure;
using MidnightOS.Azure.Start;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Tests.Azure.Start;

/// <summary>What a function app says when it cannot start. Its environment is the process's, so these run one after the other.</summary>
[Collection("environment")]
public sealed class WorkerProgramTests : IDisposable
{
    private static readonly string[] ByTheHost = ["--host", "127.0.0.1", "--port", "50051", "--workerId", "1", "--requestId", "2", "--grpcMaxMessageLength", "2147483647", "--functions-uri", "http://127.0.0.1:50051/"];

    private readonly StringWriter _errors = new();

    public void Dispose() => _errors.Dispose();

    [Fact]
    public async Task Run_ByHand_SaysWhatItIsAndHowItIsStarted()
    {
        Assert.Equal(1, await RunAsync([], static _ => throw new InvalidOperationException("It must not be built.")));
        var said = Assert.Single(_errors.ToString().TrimEnd().Split('\n'));
        Assert.StartsWith("This is the prover of MidnightOS.Functions", said, StringComparison.Ordinal);
        Assert.All(["--functions-uri", "Functions__Worker__HostEndpoint", "func start", "functions/Embedded"], part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--functions-uri", "127.0.0.1:50051")]
    [InlineData("--functions-uri", "file:///etc")]
    [InlineData("--Functions:Worker:HostEndpoint", "nowhere")]
    public async Task Run_AddressIsNone_NamesTheSetting(string name, string value)
    {
        Assert.Equal(1, await RunAsync([name, value], static _ => throw new InvalidOperationException("It must not be built.")));
        Assert.StartsWith(FunctionsHost.AddressSetting, _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ByTheHost_RunsUntilItIsEnded()
    {
        Assert.Equal(0, await RunAsync(ByTheHost, static _ => Build(static services => services.AddHostedService<EndsAtOnce>())));
        Assert.Equal("", _errors.ToString());
    }

    [Theory]
    [InlineData("Functions__Worker__HostEndpoint")]
    [InlineData("AZURE_FUNCTIONS_Functions__Worker__HostEndpoint")]
    public void Problem_AddressInTheEnvironment_IsNone(string variable)
    {
        Environment.SetEnvironmentVariable(variable, "http://127.0.0.1:50051");
        try
        {
            Assert.Null(FunctionsHost.Problem("the prover", []));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public void Problem_LoadedIntoTheHostsOwnProcess_NeedsNoAddress()
    {
        AppContext.SetData("AZURE_FUNCTIONS_NATIVE_HOST", "1");
        try
        {
            Assert.Null(FunctionsHost.Problem("the API", []));
        }
        finally
        {
            AppContext.SetData("AZURE_FUNCTIONS_NATIVE_HOST", null);
        }
    }

    [Theory]
    [InlineData("Cosmos:Endpoint", "", "Cosmos:Endpoint must be the https address")]
    [InlineData("Cosmos:SlowCall", "soon", "Cosmos:SlowCall cannot be \"soon\": it is a time")]
    public async Task Run_WrongSetting_NamesIt(string name, string value, string said)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Cosmos:Endpoint"] = "https://cosmos.example.com", ["Cosmos:Database"] = "midnightos", ["Blobs:Endpoint"] = "https://blobs.example.com", [name] = value,
        };
        Assert.Equal(1, await RunAsync(ByTheHost, _ => Build(services => services.AddAzureStores(Configuration(settings), PlatformApp.Api))));
        Assert.StartsWith(said, _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Defect_IsThrownWithItsStack() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => RunAsync(ByTheHost, static _ => throw new NotSupportedException()));

    private Task<int> RunAsync(string[] args, Func<string[], IHost> build) => WorkerProgram.RunAsync("the prover", args, build, _errors);

    private static IConfigurationRoot Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        return builder.Build();
    }

    private sealed class EndsAtOnce(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }
    }
}
