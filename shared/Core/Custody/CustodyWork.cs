using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Custody;

/// <summary>Custody's own background work: seeds whose time has come are erased, data keys of older key versions are wrapped again.</summary>
internal sealed class CustodyWork(IWalletCustody custody) : IBackgroundWork
{
    public string Name => "custody";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken) => custody.RunAsync(budget, cancellationToken);
}
