using MidnightOS.Core.Concurrency;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Wallets;

/// <summary>Keeps this process's changes of one wallet from colliding. Between processes the ETags decide.</summary>
public sealed class WalletLocks
{
    private readonly KeyedLock _locks = new();

    internal Task<IDisposable> EnterAsync(TenantId tenant, string botId, CancellationToken cancellationToken) =>
        _locks.EnterAsync($"{tenant}|{botId}", cancellationToken);
}
