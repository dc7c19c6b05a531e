using MidnightOS.Tests.Soak.Faults;
using MidnightOS.Tests.Soak.Hosts;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>A devnet behind proxies that stop, drop, slow down, cut and spoil what it says, over HTTP and WebSocket.</summary>
internal sealed class DevnetFaults : IScenario
{
    private static readonly Fault[] Faults = Enum.GetValues<Fault>();

    private int _number;

    public string Name => "devnet-faults";

    public async Task RunAsync(SoakRun run, CancellationToken cancellationToken)
    {
        await using var devnet = await DevnetChild.StartAsync(Path.Combine(run.Folder, "devnet"));
        await using var indexer = new TcpProxy(devnet.Indexer, new Random(run.Random.Next()));
        await using var node = new TcpProxy(devnet.Node, new Random(run.Random.Next()));
        await run.BeginAsync([SoakRun.Product], ["--Midnight:Indexer", $"{indexer.Address}", "--Midnight:Node", $"{node.Address}"], devnet.Indexer);
        await new FaultLoop(run).RunAsync(() => FaultAsync(run, indexer, node, cancellationToken), cancellationToken);
        await run.FinishAsync();
    }

    // Each kind in turn, the stop for a whole minute once; now with both services, now with one.
    private async Task FaultAsync(SoakRun run, TcpProxy indexer, TcpProxy node, CancellationToken cancellationToken)
    {
        var fault = Faults[_number % Faults.Length];
        TcpProxy[] proxies = run.Random.Next(3) switch { 0 => [indexer], 1 => [node], _ => [indexer, node] };
        if (fault is Fault.None)
        {
            // Connections that were fine a moment ago are gone.
            indexer.ResetAll();
            node.ResetAll();
        }
        else
        {
            var seconds = fault is Fault.Stop && _number < Faults.Length ? 60 : run.Random.Next(5, 20);
            Array.ForEach(proxies, proxy => proxy.Set(fault));
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
            Array.ForEach(proxies, static proxy => proxy.Set(Fault.None));
        }

        _number++;
        run.Findings.Count($"faults {(fault is Fault.None ? "Drop" : fault)}");
    }
}
