using System.Runtime.CompilerServices;
using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain.GraphQl;

namespace MidnightOS.Midnight.Chain;

/// <summary>Follows an unshielded address without losing or repeating a transaction.</summary>
/// <remarks>
/// The indexer sends, from an inclusive transaction id on, the transactions in the order of their ids, and merges into them, from
/// the first moment on, progress that names the greatest id of the address (midnight-indexer,
/// <c>indexer-api/src/infra/api/v4/subscription/unshielded.rs</c>). Progress may thus come before the transactions it speaks
/// of; it is held back until they are delivered.
/// </remarks>
internal sealed class AddressWatch(Subscriptions subscriptions)
{
    /// <param name="address">Bech32m.</param>
    /// <param name="after">The last transaction id that the caller knows.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<AddressEvent> RunAsync(string address, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = after;
        long? held = null;
        await using var subscription = new ResumingSubscription<AddressEvent>(
            subscriptions, "address", () => IndexerQueries.WatchAddress(address, cursor + 1), Read);
        var starts = subscription.Starts;
        while (true)
        {
            var item = await subscription.ReadAsync(cancellationToken);
            held = starts == subscription.Starts ? held : null;
            starts = subscription.Starts;
            if (item is AddressProgress progress)
            {
                held = progress.HighestTransactionId;
            }
            else if (item is AddressTransaction { Transaction.Id: var id } && id > cursor)
            {
                cursor = id;
                subscription.Progressed();
                yield return item;
            }

            if (held is { } highest && highest <= cursor)
            {
                held = null;
                subscription.Progressed();
                yield return new AddressProgress(highest);
            }
        }
    }

    private static AddressEvent Read(JsonElement payload) =>
        (payload.Deserialize<GraphQlResponse<AddressData>>(GraphQlJson.Options) ?? throw new JsonException("An empty event."))
            .Require("WatchAddress").UnshieldedTransactions.ToEvent();
}
