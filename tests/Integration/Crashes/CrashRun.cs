using MidnightOS.Core.Flows;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>Hosts on one data folder, one after the other, each of which dies at the first boundary at which none before it died.</summary>
/// <param name="pattern">A regular expression: the boundaries that count.</param>
/// <param name="settings">The settings of the hosts.</param>
internal sealed class CrashRun(string pattern, string[] settings) : IAsyncDisposable
{
    // No run dies so often; one that goes on and on is to end with its list.
    private const int MostDeaths = 80;
    private const string Nowhere = "^$";

    private static readonly TimeSpan FlowLease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLease = TimeSpan.FromSeconds(70);

    private readonly TemporaryFolder _folder = new();
    private readonly List<HostProcess> _hosts = [];
    private TimeSpan _ahead;
    private HostProcess? _spare;

    public string Data => _folder.File("data");

    /// <summary>The boundaries at which hosts died, in order.</summary>
    public IReadOnlyList<string> Deaths => File.Exists(DeathsFile) ? File.ReadAllLines(DeathsFile) : [];

    private string DeathsFile => _folder.File("deaths.txt");

    /// <summary>Starts a host that goes on until it comes to a boundary, and waits there until it is armed.</summary>
    public async Task<HostProcess> StartAsync()
    {
        var host = Next();
        await host.StartAsync();
        return host;
    }

    /// <summary>As <see cref="StartAsync"/>, so much later that also the longest lease of those before has run out: that of a request on its idempotency key.</summary>
    public async Task<HostProcess> StartLaterAsync()
    {
        var host = PrepareLater();
        await host.StartAsync();
        return host;
    }

    /// <summary>The host of <see cref="StartLaterAsync"/>, ready to be started.</summary>
    public HostProcess PrepareLater()
    {
        _ahead += LongestLease;
        return Prepare(pattern);
    }

    /// <summary>As <see cref="StartLaterAsync"/>, and it dies nowhere.</summary>
    public async Task<HostProcess> FinishAsync()
    {
        _ahead += LongestLease;
        var host = Prepare(Nowhere);
        await host.StartAsync();
        return host;
    }

    /// <summary>Arms a host and lets it and those after it die until one died at the given boundary.</summary>
    public Task DieAtAsync(HostProcess host, string boundary) => DieUntilAsync(host, () => Task.FromResult(Deaths[^1] == boundary));

    /// <summary>Arms a host and lets it and those after it die until the end of a flow is journalled.</summary>
    public Task DieUntilEndOfAsync(HostProcess host, string flow) => DieUntilAsync(host, async () =>
    {
        await using var state = new StoredState(Data);
        return await state.FlowAsync(flow) is { Status: not FlowStatus.Running };
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task DieUntilAsync(HostProcess host, Func<Task<bool>> enough)
    {
        await host.ArmAsync();
        while (true)
        {
            _spare ??= Prepare(pattern);
            await host.DiesAsync($"\nDeaths so far:\n{string.Join('\n', Deaths)}");
            if (await enough())
            {
                return;
            }

            Assert.True(Deaths.Count < MostDeaths, $"It does not come to its end:\n{string.Join('\n', Deaths)}");
            host = Next();
            await host.StartArmedAsync();
        }
    }

    private HostProcess Next()
    {
        var host = _spare ?? Prepare(pattern);
        _spare = null;
        return host;
    }

    // Each is ahead of the one before: it takes over at once what that one held.
    private HostProcess Prepare(string at)
    {
        _ahead += FlowLease + TimeSpan.FromSeconds(1);
        var host = new HostProcess(
        [
            at, DeathsFile, $"{_ahead}", .. PlatformUnderTest.Arguments(Data, settings), "--Flows:LeaseDuration", $"{FlowLease}",
        ]);
        _hosts.Add(host);
        return host;
    }
}
