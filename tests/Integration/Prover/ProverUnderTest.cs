using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Proofs;
using MidnightOS.Custody;
using MidnightOS.Embedded.Proofs;
using MidnightOS.Prover;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Proving;
using MidnightOS.Storage;
using MidnightOS.Tests.Integration.Secrets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>The proof service on its real listener at a free port, over SQLite in a temporary folder, with a prover that the test scripts.</summary>
internal sealed class ProverUnderTest : IAsyncDisposable
{
    /// <summary>A setting that keeps no log, for tests of the memory.</summary>
    public static readonly (string Name, string Value) Quiet = ("Test:Quiet", "true");

    private readonly IHost _host;
    private readonly TemporaryFolder? _folder;

    private ProverUnderTest(IHost host, TemporaryFolder? folder)
    {
        (_host, _folder) = (host, folder);
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Client { get; }

    public Uri Address => _host.Services.GetRequiredService<ProverListener>().Address;

    public IServiceProvider Services => _host.Services;

    /// <summary>What was logged.</summary>
    public CapturedLogs Logs => Services.GetRequiredService<CapturedLogs>();

    public static Task<ProverUnderTest> StartAsync(IProver? prover, params (string Name, string Value)[] settings) => StartAsync(prover, null, static _ => { }, settings);

    /// <summary>Starts one on a folder that outlives it.</summary>
    public static Task<ProverUnderTest> StartAsync(IProver prover, TemporaryFolder folder) => StartAsync(prover, folder, static _ => { });

    public static Task<ProverUnderTest> StartAsync(IProver? prover, Action<IServiceCollection> configure, params (string Name, string Value)[] settings) =>
        StartAsync(prover, null, configure, settings);

    private static async Task<ProverUnderTest> StartAsync(
        IProver? prover, TemporaryFolder? folder, Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = (folder ?? own!).Path, ["Prover:Port"] = "0" });
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<CapturedLogs>();
        if (!settings.Contains(Quiet))
        {
            builder.Services.AddSingleton<ILoggerProvider>(static services => services.GetRequiredService<CapturedLogs>());
        }

        builder.Services.AddCore().AddStorage(builder.Configuration).AddCustody(builder.Configuration);
        if (prover is not null)
        {
            builder.Services.AddSingleton(prover);
        }

        builder.Services.AddSingleton<IParameterFetch, OnlyTen>();
        builder.Services.AddProver(builder.Configuration);
        builder.Services.PostConfigure<PasswordHasherOptions>(static options => options.IterationCount = 1000);
        builder.Services.AddSingleton<ProverListener>();
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<ProverListener>());
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new ProverUnderTest(host, own);
    }

    /// <summary>Registers somebody.</summary>
    public async Task<SignedIn> SignUpAsync(string name)
    {
        var result = await Services.GetRequiredService<Register>().RunAsync(new Registration($"{name}@example.com", "a long quiet evening", name, null), CancellationToken.None);
        return result.IsSuccess ? result.Value : throw new InvalidOperationException(result.Error.Message);
    }

    /// <summary>Sends a body as official clients do.</summary>
    public async Task<(int Status, string? ContentType, byte[] Content)> PostAsync(string path, byte[] body, string? credential = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (credential is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", credential);
        }

        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsByteArrayAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder?.Dispose();
    }

    private sealed class OnlyTen : IParameterFetch
    {
        public Task<ProofFailure?> FetchAsync(int k, CancellationToken cancellationToken) =>
            Task.FromResult(k == 10 ? null : new ProofFailure(ProofFailureKind.MissingFile, $"bls_midnight_2p{k} is not here"));
    }
}
