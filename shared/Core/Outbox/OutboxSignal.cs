using System.Threading.Channels;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Outbox;

/// <summary>Wakes the dispatcher of this process. Losing a signal costs time, not records: the due markers find them.</summary>
public sealed class OutboxSignal
{
    private readonly Channel<TenantId> _tenants =
        Channel.CreateBounded<TenantId>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The tenants with new records.</summary>
    public ChannelReader<TenantId> Tenants => _tenants.Reader;

    /// <summary>Says that a tenant has new records.</summary>
    public void Set(TenantId tenant) => _tenants.Writer.TryWrite(tenant);
}
