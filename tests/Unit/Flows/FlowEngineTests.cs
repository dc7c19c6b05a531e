using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>What the embedded engine does besides the contract.</summary>
public sealed class FlowEngineTests : IDisposable
{
    private const string Id = "op_1";

    private readonly TemporaryFolder _folder = new();
    private readonly FlowProbe _probe = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DelayAsync_PollIsRare_WakesAtItsTime()
    {
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                await context.DelayAsync(TimeSpan.FromMilliseconds(50));
                return input;
            },
        };
        await using var host = await StartAsync(TimeProvider.System, script, options =>
        {
            // Neither the poll nor a renewal can be what wakes it within the test's patience.
            options.PollInterval = TimeSpan.FromMinutes(1);
            options.LeaseDuration = TimeSpan.FromHours(1);
        });
        await host.Client.StartAsync("scripted", "op_0", "\"in\"", default);
        await _probe.EndAsync("op_0");
        await Begin(host);

        Assert.Equal(FlowStatus.Completed, (await _probe.EndAsync(Id)).Status);
    }

    [Fact]
    public async Task Retention_Passed_DeletesEndedFlows()
    {
        await using var host = await StartAsync(new ManualTimeProvider(), Echo());
        await Begin(host);
        await _probe.EndAsync(Id);

        await host.AdvanceAsync(TimeSpan.FromDays(31));
        await host.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Null(await host.Client.FindAsync(Id, default));
    }

    [Fact]
    public async Task MaxConcurrent_One_StillRunsAllAndHoldsNoPlaceWhileWaiting()
    {
        var running = 0;
        var most = 0;
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                await context.WaitForEventAsync<int>("go", TimeSpan.FromHours(1));
                return await context.CallAsync(FlowScript.Do, input);
            },
            Step = async (_, input, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return input;
            },
        };
        await using var host = await StartAsync(new ManualTimeProvider(), script, options => options.MaxConcurrent = 1);
        var ids = Enumerable.Range(0, 20).Select(i => $"op_{i}").ToList();
        foreach (var id in ids)
        {
            await host.Client.StartAsync("scripted", id, "\"in\"", default);
            await _probe.WaitingAsync(id);
        }

        await Task.WhenAll(ids.Select(id => host.Client.RaiseAsync(id, "e", "go", "1", default)));
        await Task.WhenAll(ids.Select(_probe.EndAsync));

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task RunAsync_EventRaisedInTimeAndSeenLate_WinsOverTheTimeOut()
    {
        var clock = new ManualTimeProvider();
        var script = new FlowScript
        {
            Run = async (context, _) => (await context.WaitForEventAsync<string>("go", TimeSpan.FromMinutes(1))).Payload ?? "time-out",
        };
        await using var host = await StartAsync(clock, script);
        await Begin(host);
        await _probe.WaitingAsync(Id);
        await host.Engine.StopAsync(default);
        await host.Client.RaiseAsync(Id, "e1", "go", "\"in time\"", default);
        clock.Advance(TimeSpan.FromHours(1));

        await host.RestartAsync();

        Assert.Equal("\"in time\"", (await _probe.EndAsync(Id)).OutputJson);
    }

    [Fact]
    public async Task Commits_FlowOfSixSteps_AreOneForEachStep()
    {
        var commits = 0;
        IMeterFactory? own = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "midnight.flows.commit.duration")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => CountOwn(instrument));
        listener.Start();
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                for (var i = 0; i < 6; i++)
                {
                    input = await context.CallAsync(FlowScript.Do, input);
                    context.SetCustomStatus($"{i}");
                }

                return input;
            },
        };
        await using var host = await StartAsync(new ManualTimeProvider(), script);
        own = host.Get<IMeterFactory>();
        await Begin(host);
        await _probe.EndAsync(Id);

        Assert.Equal(6, commits);

        void CountOwn(Instrument instrument)
        {
            // Other tests of the process measure too.
            if (ReferenceEquals(instrument.Meter.Scope, own))
            {
                Interlocked.Increment(ref commits);
            }
        }
    }

    [Fact]
    public async Task Logs_AndActivities_HoldNoInputOrOutput()
    {
        const string secret = "s3cr3t";
        var log = new CollectedLog();
        var tags = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MidnightOS.Flows",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => tags.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.Tags)}"),
        };
        ActivitySource.AddActivityListener(listener);
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                var output = await context.CallAsync(FlowScript.Do, input);
                return output + (await context.WaitForEventAsync<string>("go", TimeSpan.FromHours(1))).Payload;
            },
            Step = (key, input, _) => key.Attempt == 1 ? throw new InvalidOperationException("once") : Task.FromResult(input + secret),
        };
        var clock = new ManualTimeProvider();
        await using var host = await EmbeddedFlowHost.StartAsync(_folder.Path, clock, _probe, services => EmbeddedFlowHost.Scripted(script)(
            services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace))));
        await host.Client.StartAsync("scripted", Id, $"\"{secret}\"", default);
        await _probe.WaitingAsync(Id);
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        await _probe.WaitingAsync(Id);
        await host.Client.RaiseAsync(Id, "e1", "go", $"\"{secret}\"", default);
        var state = await _probe.EndAsync(Id);

        Assert.Equal(FlowStatus.Completed, state.Status);
        Assert.Contains(log.Lines, line => line.Contains(Id, StringComparison.Ordinal));
        Assert.Contains(tags, line => line.StartsWith("step do", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines.Concat(tags), line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(8, 25_600)]
    [InlineData(9, 30_000)]
    [InlineData(5000, 30_000)]
    public void DelayAfter_DefaultPolicy_DoublesUpToItsLimit(int attempt, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryPolicy.Default.DelayAfter(attempt));

    [Fact]
    public void Options_OutOfRange_AreNamed()
    {
        var options = new FlowEngineOptions { MaxConcurrent = 0, LeaseDuration = TimeSpan.Zero, PollInterval = TimeSpan.Zero, Retention = TimeSpan.Zero };

        var result = new FlowEngineOptionsValidator().Validate(null, options);

        Assert.Equal(
            ["Flows:MaxConcurrent", "Flows:LeaseDuration", "Flows:PollInterval", "Flows:Retention"],
            result.Failures!.Select(f => f.Split(' ')[0]));
        Assert.Equal(ValidateOptionsResult.Success, new FlowEngineOptionsValidator().Validate(null, new FlowEngineOptions()));
    }

    private static FlowScript Echo() => new() { Run = (context, input) => context.CallAsync(FlowScript.Do, input) };

    private static Task<bool> Begin(EmbeddedFlowHost host) => host.Client.StartAsync("scripted", Id, "\"in\"", default);

    private Task<EmbeddedFlowHost> StartAsync(TimeProvider clock, FlowScript script, Action<FlowEngineOptions>? configure = null) =>
        EmbeddedFlowHost.StartAsync(_folder.Path, clock, _probe, EmbeddedFlowHost.Scripted(script), configure);

    private sealed class CollectedLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
