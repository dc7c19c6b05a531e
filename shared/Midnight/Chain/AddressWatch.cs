using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain;

internal sealed class AddressWatch
{
    public IAsyncEnumerable<AddressEvent> RunAsync(string address, long after, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Subscriptions follow.");
}
