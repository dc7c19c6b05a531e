using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MidnightOS.Midnight.Chain;
using MidnightOS.Tests.Unit.Support;
using Polly.CircuitBreaker;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

/// <summary>The gauge of an upstream's circuit.</summary>
public sealed class CircuitGaugeTests
{
    [Fact]
    public async Task Circuit_ThatOpensAndCloses_IsShown()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var (factory, clock) = (services.GetRequiredService<IMeterFactory>(), new ManualTimeProvider());
        var metrics = new ChainMetrics(factory, clock);
        var options = new ChainResilienceOptions { Retries = 0 };
        var pipeline = UpstreamPipeline.Build("node", options, clock, metrics, NullLogger.Instance);
        Assert.Equal(0, Read(factory));

        for (var i = 0; i < options.MinimumThroughput; i++)
        {
            await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(static _ => throw new IOException("away")));
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(async () => await pipeline.ExecuteAsync(static _ => ValueTask.CompletedTask));
        Assert.Equal(2, Read(factory));
        clock.Advance(options.BreakDuration);
        await pipeline.ExecuteAsync(_ =>
        {
            Assert.Equal(1, Read(factory));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(0, Read(factory));
    }

    private static long Read(IMeterFactory factory)
    {
        long? state = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "midnight.chain.circuit.state" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => state = tags[0].Value is "node" ? value : state);
        listener.Start();
        listener.RecordObservableInstruments();
        return state!.Value;
    }
}
