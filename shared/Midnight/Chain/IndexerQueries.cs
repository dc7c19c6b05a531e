using MidnightOS.Midnight.Chain.GraphQl;

namespace MidnightOS.Midnight.Chain;

/// <summary>The operations against the official indexer (midnight-indexer 4.4.0, <c>indexer-api/graphql/schema-v4.graphql</c>).</summary>
internal static class IndexerQueries
{
    private const string Block = "fragment BlockFields on Block { height hash timestamp }";

    private const string Transaction =
        """
        fragment CoinFields on UnshieldedUtxo { owner value tokenType intentHash outputIndex }
        fragment TransactionFields on Transaction {
          __typename id hash
          block { ...BlockFields }
          unshieldedCreatedOutputs { ...CoinFields }
          unshieldedSpentOutputs { ...CoinFields }
          ... on RegularTransaction { identifiers fee transactionResult { status } }
        }
        """;

    private const string Touched = "transactions { unshieldedCreatedOutputs { owner } unshieldedSpentOutputs { owner } }";

    public static GraphQlRequest Tip() => Request("Tip", "query Tip { block { ...BlockFields } } " + Block);

    public static GraphQlRequest Find(string identifier) => Request(
        "FindTransaction",
        "query FindTransaction($id: HexEncoded!) { transactions(offset: { identifier: $id }) { ...TransactionFields } } " + Transaction + Block,
        ("id", identifier));

    public static GraphQlRequest Contract(string address) => Request(
        "FindContract",
        "query FindContract($address: HexEncoded!) { contractAction(address: $address) { state } block { ledgerParameters } }",
        ("address", address));

    /// <param name="address">Bech32m.</param>
    /// <param name="fromTransactionId">The first id wanted: the indexer's argument is inclusive (<c>creating_transaction_id &gt;= $2</c>).</param>
    public static GraphQlRequest WatchAddress(string address, long fromTransactionId) => Request(
        "WatchAddress",
        """
        subscription WatchAddress($address: UnshieldedAddress!, $from: Int) {
          unshieldedTransactions(address: $address, transactionId: $from) {
            __typename
            ... on UnshieldedTransaction {
              transaction { ...TransactionFields } createdUtxos { ...CoinFields } spentUtxos { ...CoinFields }
            }
            ... on UnshieldedTransactionsProgress { highestTransactionId }
          }
        }

        """ + Transaction + Block,
        ("address", address),
        ("from", fromTransactionId));

    /// <param name="fromHeight">The first height wanted; it has to exist. Null = from the newest block on.</param>
    public static GraphQlRequest WatchBlocks(long? fromHeight) => fromHeight is { } height
        ? Request(
            "WatchBlocks",
            "subscription WatchBlocks($from: Int!) { blocks(offset: { height: $from }) { ...BlockFields " + Touched + " } } " + Block,
            ("from", height))
        : Request("WatchBlocks", "subscription WatchBlocks { blocks { ...BlockFields " + Touched + " } } " + Block);

    private static GraphQlRequest Request(string name, string query, params ReadOnlySpan<(string Name, object? Value)> variables)
    {
        var map = new Dictionary<string, object?>(variables.Length, StringComparer.Ordinal);
        foreach (var (key, value) in variables)
        {
            map[key] = value;
        }

        return new GraphQlRequest(query, name, map);
    }
}
