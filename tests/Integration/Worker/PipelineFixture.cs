using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.Hosting;
using MidnightOS.Tests.Integration.Api;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>The API twice on the same stores: on a server of its own, and behind the worker.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    private readonly ApiFixture _own;
    private readonly WorkerUnderTest _worker;

    private PipelineFixture(ApiFixture own, WorkerUnderTest worker)
    {
        (_own, _worker) = (own, worker);
        Client = new HttpClient { BaseAddress = worker.Address };
        own.Use(Client);
    }

    /// <summary>Asks the worker.</summary>
    public HttpClient Client { get; }

    public ApiFixture Api => _own;

    public WorkerUnderTest Worker => _worker;

    public static async Task<PipelineFixture> StartAsync(ApiSetup? setup = null)
    {
        setup ??= new ApiSetup();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(setup.Settings).Build();
        var own = await ApiFixture.StartAsync(setup with
        {
            Services = services =>
            {
                services.AddApiPipeline(settings);
                setup.Services?.Invoke(services);
            },
        });
        return new PipelineFixture(own, await WorkerUnderTest.StartAsync(own.Services));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _worker.DisposeAsync();
        await _own.DisposeAsync();
    }
}
