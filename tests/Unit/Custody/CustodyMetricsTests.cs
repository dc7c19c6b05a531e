using MidnightOS.Core.Custody;
using MidnightOS.Custody;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Custody;

/// <summary>How an operation of custody ended is counted, and what it threw comes out as it was.</summary>
public sealed class CustodyMetricsTests
{
    [Fact]
    public async Task Measure_Operation_CountsItsOutcome()
    {
        using var measured = new Measurements();
        Assert.Equal(7, await CustodyMetrics.MeasureAsync("wrap", VaultPurpose.Wallets, static () => Task.FromResult(7)));
        await Assert.ThrowsAsync<VaultException>(static () => CustodyMetrics.MeasureAsync<int>("unwrap", VaultPurpose.Tokens, static () => throw new VaultException("gone")));
        await Assert.ThrowsAsync<IOException>(static () => CustodyMetrics.MeasureAsync("seal", VaultPurpose.Payloads, static () => Task.FromException<int>(new IOException("disk"))));
        await Assert.ThrowsAsync<TaskCanceledException>(static () => CustodyMetrics.MeasureAsync("unseal", VaultPurpose.Wallets, static () => Task.FromCanceled<int>(new CancellationToken(true))));

        Assert.Equal(
            [
                (1, "operation=wrap purpose=wallets outcome=ok"), (1, "operation=unwrap purpose=tokens outcome=refused"),
                (1, "operation=seal purpose=payloads outcome=failed"), (1, "operation=unseal purpose=wallets outcome=cancelled"),
            ],
            measured.Of("midnight.custody.operations"));
        Assert.Equal(4, measured.Of("midnight.custody.operation.duration").Count);
    }
}
