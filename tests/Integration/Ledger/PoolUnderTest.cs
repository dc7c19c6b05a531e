using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Midnight.Ledger;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Tests.Integration.Ledger;

/// <summary>A pool composed as a host composes it, over real processes.</summary>
internal sealed class PoolUnderTest : IAsyncDisposable
{
    public const string Night = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly ServiceProvider _services;

    public PoolUnderTest(params (string Setting, string Value)[] settings)
        : this(TimeProvider.System, settings)
    {
    }

    public PoolUnderTest(TimeProvider time, params (string Setting, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(entry => KeyValuePair.Create<string, string?>("Ledger:" + entry.Setting, entry.Value)))
            .Build();
        _services = new ServiceCollection().AddSingleton(time).AddLogging().AddNodeWorkspace(configuration).AddLedger(configuration).BuildServiceProvider();
    }

    public ILedger Ledger => _services.GetRequiredService<ILedger>();

    public LedgerWorkers Workers => _services.GetRequiredService<LedgerWorkers>();

    public INodeWorkspace Workspace => _services.GetRequiredService<INodeWorkspace>();

    public static TransferPlan Plan(string ownerHex, long value = 10) => new(
        NetworkId.Undeployed,
        [new Coin(new string('a', 64), 0, new Amount((UInt128)value), Night)],
        [new Payment(ownerHex, new Amount((UInt128)value), Night)],
        DateTimeOffset.FromUnixTimeSeconds(1_900_000_000));

    /// <summary>Sends a signal to a process with the system's own tool.</summary>
    public static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString()]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>A seed of 32 equal bytes.</summary>
internal sealed class TestSecret(byte value) : IWalletSecret
{
    private readonly byte[] _seed = [.. Enumerable.Repeat(value, 32)];

    public int Length => _seed.Length;

    public int Writes { get; private set; }

    public async Task WriteToAsync(Stream standardInput, CancellationToken cancellationToken)
    {
        Writes++;
        await standardInput.WriteAsync(_seed, cancellationToken);
        await standardInput.FlushAsync(cancellationToken);
    }

    public void Dispose() => Array.Clear(_seed);
}
