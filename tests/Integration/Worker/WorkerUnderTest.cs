using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Api.Hosting;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>What the functions' worker does around a function with HTTP trigger, as far as the app can notice: a server and a routing of its own,
/// services of an invocation that end with it, and the function in another flow than the request's.</summary>
internal sealed class WorkerUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkerUnderTest(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The functions that were called.</summary>
    public ConcurrentQueue<string> Called { get; } = [];

    /// <summary>Starts a worker with the API's functions.</summary>
    /// <param name="services">The app's services, which the pipeline is built on.</param>
    public static Task<WorkerUnderTest> StartAsync(IServiceProvider services) =>
        StartAsync(services, services.GetRequiredService<ApiPipeline>().RunAsync, [.. ApiAreas.All.Select(static area => (area.Function, area.Route))]);

    /// <summary>Starts a worker.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="run">What each function hands its request to.</param>
    /// <param name="functions">Their names and routes.</param>
    public static async Task<WorkerUnderTest> StartAsync(IServiceProvider services, Func<HttpContext, Task> run, params (string Name, string Route)[] functions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.Configure<ForwardedHeadersOptions>(static options => options.ForwardedHeaders = ForwardedHeaders.All);
        var app = builder.Build();
        var worker = new WorkerUnderTest(app);
        app.UseForwardedHeaders();
        app.UseRouting();
        worker.MapFunctions(services, run, functions);
        await app.StartAsync();
        return worker;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void MapFunctions(IServiceProvider services, Func<HttpContext, Task> run, IEnumerable<(string Name, string Route)> functions)
    {
        foreach (var (name, route) in functions)
        {
            // The worker names the methods of the trigger; none stands for all.
            _app.Map(route, context => InvokeAsync(name, services, run, context)).WithMetadata(new HttpMethodMetadata([]));
        }
    }

    private async Task InvokeAsync(string function, IServiceProvider services, Func<HttpContext, Task> run, HttpContext context)
    {
        Called.Enqueue(function);
        var invocation = services.CreateAsyncScope();
        context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, null) { RequestServices = invocation.ServiceProvider });
        Task answered;
        using (ExecutionContext.SuppressFlow())
        {
            answered = Task.Run(() => run(context));
        }

        try
        {
            await answered;
            await Results.Empty.ExecuteAsync(context);
        }
        finally
        {
            await invocation.DisposeAsync();
        }
    }
}
