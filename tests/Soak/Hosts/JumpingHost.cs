using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Embedded;

namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>This program as a host whose clock jumps when standard input says so: <c>jump SECONDS</c>. Otherwise it is the product.</summary>
internal static class JumpingHost
{
    public const string Verb = "host";

    public static async Task<int> RunAsync(string[] args)
    {
        var clock = new JumpingClock();
        await using var app = EmbeddedHost.Build(args, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"Ready: {app.Urls.First()}");

        // Reading the console holds the thread, whatever its name says.
        _ = Task.Run(() => ObeyAsync(clock));
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task ObeyAsync(JumpingClock clock)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["jump", var seconds])
            {
                clock.Jump(TimeSpan.FromSeconds(double.Parse(seconds)));
            }
        }
    }

    /// <summary>Says another time of day after a jump. Timers and time stamps go on, as those of the machine do when its clock is set.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _ahead;

        public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));
    }
}
