using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
    private volatile TaskCompletionSource? _stream;
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

    public Task AdvanceAsync(TimeSpan by) => _hub.AdvanceAsync(by);

    public async Task RestartAsync()
    {
        await StopWorkerAsync();
        _stopping = new CancellationTokenSource();
        _worker = BuildWorker();
        await _worker.StartAsync();
        _hub.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkerAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    private async Task StopWorkerAsync()
    {
        var idle = _hub.CloseAsync();
        await _stopping.CancelAsync();
        await idle;
        await _worker.StopAsync();
        _worker.Dispose();
        _stopping.Dispose();
        await (_stream?.Task ?? Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(60));
    }

    // The hub gives work to the stream that a worker opened last. What it writes into one that is just being closed is lost.
    private async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.Value!.EndsWith("/GetWorkItems", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var closed = _stream = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await next(context);
        }
        finally
        {
            closed.SetResult();
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
        services.AddSingleton<HubClient>().AddSingleton<FlowFunctions>();
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
