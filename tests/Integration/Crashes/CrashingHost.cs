using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Embedded;
using MidnightOS.Embedded.Start;
using MidnightOS.Midnight.Ledger;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>This assembly as a program: the embedded host, which kills itself where a test wants it to.</summary>
/// <remarks>It composes itself at once, touches nothing until standard input says <c>start</c>, kills once it says <c>arm</c>, and ends in good order when it closes.</remarks>
public static class CrashingHost
{
    /// <summary>Runs the host.</summary>
    /// <param name="args">Where it dies, the file in which it says so, how far its clock is ahead; then the host's settings.</param>
    public static async Task Main(string[] args)
    {
        await using var app = EmbeddedHost.Build(args[3..], builder => Configure(builder.Services, new CrashPoints(args[0], args[1]), TimeSpan.Parse(args[2])));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "arm")
            {
                app.Services.GetRequiredService<CrashPoints>().Arm();
                continue;
            }

            await app.StartAsync();
            await app.Services.GetRequiredService<StartReport>().WriteAsync(Console.Out, CancellationToken.None);
        }

        await app.StopAsync();
    }

    private static void Configure(IServiceCollection services, CrashPoints points, TimeSpan ahead)
    {
        // A process that lives for a second starts a ledger process when it needs one.
        services.Remove(services.Single(static service => service.ImplementationType == typeof(WarmLedger)));
        services.AddSingleton<TimeProvider>(new ClockAhead(ahead));
        services.AddSingleton(points);
        services.AddSingleton<IFlowObserver, CrashObserver>();
        Wrap<IFlowClient>(services, static (inner, points) => new CrashingFlowClient(inner, points));
        Wrap<IDocumentStore>(services, static (inner, points) => new CrashingDocumentStore(inner, points));
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, CrashPoints, T> wrap)
        where T : class
    {
        var inner = services.Last(static service => service.ServiceType == typeof(T)).ImplementationType!;
        services.AddSingleton(provider => wrap((T)ActivatorUtilities.CreateInstance(provider, inner), provider.GetRequiredService<CrashPoints>()));
    }
}
