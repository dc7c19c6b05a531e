using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Midnight.Node;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Proving.Parameters;
using MidnightOS.Prover.Proving.Processes;
using MidnightOS.Tests.Integration.Secrets;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>What proves, composed as a host composes it, over real processes.</summary>
internal sealed class ProvingUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ProvingUnderTest(params (string Setting, string Value)[] settings)
        : this(TimeProvider.System, settings)
    {
    }

    public ProvingUnderTest(TimeProvider time, params (string Setting, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Prover:ParameterFolder", SmallCircuit.Folder), new("Prover:ParameterSource", ParameterOptions.None)])
            .AddInMemoryCollection(settings.Select(entry => KeyValuePair.Create<string, string?>(entry.Setting.Contains(':', StringComparison.Ordinal) ? entry.Setting : "Prover:" + entry.Setting, entry.Value)))
            .Build();
        var services = new ServiceCollection().AddSingleton(time).AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug)).AddNodeWorkspace(configuration);
        services.AddSingleton<CapturedLogs>().AddSingleton<ILoggerProvider>(static provider => provider.GetRequiredService<CapturedLogs>());
        _services = services.AddProving(configuration).BuildServiceProvider();
    }

    public IProver Prover => _services.GetRequiredService<IProver>();

    public IParameters Parameters => _services.GetRequiredService<IParameters>();

    public FileWaits Files => _services.GetRequiredService<FileWaits>();

    public ProvingWorkers Workers => _services.GetRequiredService<ProvingWorkers>();

    public System.Diagnostics.Metrics.IMeterFactory Meters => _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();

    public CapturedLogs Logs => _services.GetRequiredService<CapturedLogs>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
