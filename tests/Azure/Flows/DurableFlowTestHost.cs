using DurableTask.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MidnightOS.Azure.Flows.Functions;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Core;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Registry;
using MidnightOS.Tests.Unit.Flows;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Flows;

/// <summary>The flows' functions on Durable Task's in-process host: its gRPC server over a task hub in memory, and a worker and a client of their own that a restart replaces.</summary>
internal sealed class DurableFlowTestHost : IFlowTestHost
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly TurnTimes _times;
    private readonly ManualTaskHub _hub;
    private readonly Action<IServiceCollection> _flows;
    private WebApplication _server = null!;
    private CancellationTokenSource _stopping = new();
    private TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost _worker = null!;

    private DurableFlowTestHost(Action<IServiceCollection> flows)
    {
        _flows = flows;
        _times = new TurnTimes(_clock);
        _hub = ManualTaskHub.Create(_clock, id => Probe.OnFlowWaiting("", id), id => _ = TellEndAsync(id));
    }

    public FlowProbe Probe { get; } = new();

    public IFlowClient Client => _worker.Services.GetRequiredService<IFlowClient>();

    /// <summary>The task hub's own client.</summary>
    public DurableTaskClient Instances => _worker.Services.GetRequiredService<DurableTaskClient>();

    public T Get<T>()
        where T : notnull => _worker.Services.GetRequiredService<T>();

    public static async Task<DurableFlowTestHost> StartAsync(Action<IServiceCollection> flows)
    {
        var host = new DurableFlowTestHost(flows);
        host._server = host.BuildServer();
        await host._server.StartAsync();
        host._worker = host.BuildWorker();
        await host._worker.StartAsync();
        return host;
    }

    public Task AdvanceAsync(TimeSpan by)
    {
        _hub.Advance(by);
        return Task.CompletedTask;
    }

    public async Task RestartAsync()
    {
        await StopWorkerAsync();
        _stopping = new CancellationTokenSource();
        _worker = BuildWorker();
        await _worker.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkerAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    // The hub on the in-process host never gives out again what a worker took: the steps' answers must be with it before the worker goes.
    private async Task StopWorkerAsync()
    {
        await _stopping.CancelAsync();
        for (var spins = 0; _hub.RunningSteps > 0 && spins < 6000; spins++)
        {
            await Task.Delay(10);
        }

        await _worker.StopAsync();
        _worker.Dispose();
        _stopping.Dispose();
        await _closed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // The hub gives work to the stream that a worker opened last. What it writes into one that is just being closed is lost.
    private async Task ObserveAsync(Microsoft.AspNetCore.Http.HttpContext context, Microsoft.AspNetCore.Http.RequestDelegate next)
    {
        var isStream = context.Request.Path.Value!.EndsWith("/GetWorkItems", StringComparison.Ordinal);
        var closed = _closed;
        await next(context);
        if (isStream)
        {
            closed.TrySetResult();
        }
    }

    private async Task TellEndAsync(string id) => Probe.OnFlowEnded((await Client.FindAsync(id, CancellationToken.None))!);

    private WebApplication BuildServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_hub.Service).AddSingleton(_hub.Client).AddSingleton<TaskHubGrpcServer>();
        var server = builder.Build();
        server.Use(ObserveAsync);
        server.MapGrpcService<TaskHubGrpcServer>();
        return server;
    }

    private IHost BuildWorker()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var services = builder.Services;
        services.AddLogging().AddSingleton<TimeProvider>(_clock).AddSingleton<IFlowObserver>(Probe).AddCore();
        services.AddDurableFlows();
        services.AddSingleton<DurableClientScope>().AddSingleton<FlowFunctions>();
        services.AddSingleton<IFlowClient, DurableFlowClient>().AddSingleton<Func<DurableTaskClient>>(static provider => () => provider.GetRequiredService<DurableTaskClient>());
        _flows(services);

        var channel = GrpcChannel.ForAddress(_server.Urls.Single());
        services.AddSingleton(channel);
        FlowFunctions? functions = null;
        var stopping = _stopping.Token;
        services.AddDurableTaskWorker(worker => worker.UseGrpc(channel).AddTasks(tasks => tasks
            .AddOrchestratorFunc<string, string>(DurableNames.Flow, (context, _) => functions!.RunFlow(new ClockedInstance(context, _times)))
            .AddActivityFunc<string, string>(DurableNames.Step, (_, request) => functions!.RunStep(request, Instances, stopping))));
        services.AddDurableTaskClient(client => client.UseGrpc(channel).RegisterDirectly());
        var host = builder.Build();
        functions = host.Services.GetRequiredService<FlowFunctions>();
        return host;
    }
}
