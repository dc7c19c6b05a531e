using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Orchestrations.Registry;
using MidnightOS.Storage;
using MidnightOS.Storage.Flows;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The embedded engine as a host composes it, over SQLite in a data folder. Two of them on one folder are two hosts.</summary>
internal sealed class EmbeddedFlowHost : IFlowTestHost
{
    private readonly Action<IServiceCollection> _flows;
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly Action<FlowEngineOptions> _configure;
    private ServiceProvider _services;

    private EmbeddedFlowHost(string folder, TimeProvider clock, FlowProbe probe, Action<IServiceCollection> flows, Action<FlowEngineOptions>? configure)
    {
        (_folder, _clock, _flows, Probe) = (folder, clock, flows, probe);
        _configure = configure ?? (_ => { });
        _services = Build();
    }

    public FlowProbe Probe { get; }

    public IFlowClient Client => Get<IFlowClient>();

    public FlowEngine Engine => Get<FlowEngine>();

    public static async Task<EmbeddedFlowHost> StartAsync(
        string folder, TimeProvider clock, FlowProbe probe, Action<IServiceCollection> flows, Action<FlowEngineOptions>? configure = null)
    {
        var host = new EmbeddedFlowHost(folder, clock, probe, flows, configure);
        await host.Engine.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>Adds a script's flow and steps.</summary>
    public static Action<IServiceCollection> Scripted(FlowScript script) => script.Register;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task AdvanceAsync(TimeSpan by)
    {
        ((ManualTimeProvider)_clock).Advance(by);
        Engine.Wake("");
        await Get<WatchedJournal>().LookedAtAsync(_clock.GetUtcNow());
    }

    public async Task RestartAsync()
    {
        await DisposeAsync();
        _services = Build();
        await Engine.StartAsync(CancellationToken.None);
    }

    /// <summary>Ends as a crash does: nothing more is written, no lease is given back.</summary>
    public void Crash() => Engine.Abandon();

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private ServiceProvider Build()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = _folder })
            .Build();
        var services = new ServiceCollection()
            .AddSingleton(_clock)
            .AddSingleton<IFlowObserver>(Probe)
            .AddLogging(logging => logging.ClearProviders())
            .AddCore()
            .AddStorage(configuration)
            .AddFlowEngine(_configure);
        _flows(services);
        services.Remove(services.Single(s => s.ServiceType == typeof(IFlowJournal)));
        services.AddSingleton<SqliteFlowJournal>().AddSingleton<WatchedJournal>();
        services.AddSingleton<IFlowJournal>(provider => provider.GetRequiredService<WatchedJournal>());
        return services.BuildServiceProvider();
    }
}
