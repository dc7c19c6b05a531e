using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>What the ledger says, read block by block from the devnet's indexer, past the platform and its books.</summary>
internal sealed class LedgerBook(Uri indexer, Findings findings) : IDisposable
{
    private const string Query = """
        query ($height: Int!) { block(offset: { height: $height }) { height hash transactions {
          hash unshieldedCreatedOutputs { owner value intentHash outputIndex } unshieldedSpentOutputs { owner value intentHash outputIndex } } } }
        """;

    private readonly HttpClient _http = new() { BaseAddress = indexer, Timeout = TimeSpan.FromSeconds(20) };
    private readonly Dictionary<(string To, long Value), int> _payments = [];
    private readonly Dictionary<string, Dictionary<string, long>> _coins = new(StringComparer.Ordinal);
    private string? _lastHash;

    /// <summary>The height of the last block that was read.</summary>
    public long Height { get; private set; } = -1;

    /// <summary>Reads what is new. A block that was seen once must be there for ever.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_lastHash is not null && (await BlockAsync(Height, cancellationToken))?["hash"]?.ToString() != _lastHash)
        {
            findings.Violated($"The devnet lost block {Height}, which it had shown.");
        }

        while (await BlockAsync(Height + 1, cancellationToken) is { } block)
        {
            foreach (var transaction in block["transactions"]!.AsArray())
            {
                Apply(transaction!);
            }

            (Height, _lastHash) = ((long)block["height"]!, (string)block["hash"]!);
        }
    }

    /// <summary>How often an address was paid an amount by another.</summary>
    public int TimesPaid(string to, long atomic) => _payments.GetValueOrDefault((to, atomic));

    /// <summary>What an address holds, coin by coin: intent hash and output number → atomic units.</summary>
    public IReadOnlyDictionary<string, long> CoinsOf(string address) => _coins.TryGetValue(address, out var coins) ? coins : [];

    public long BalanceOf(string address) => CoinsOf(address).Values.Sum();

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> BlockAsync(long height, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync("/api/v4/graphql", new { query = Query, variables = new { height } }, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        return answer["errors"] is null ? answer["data"]!["block"] : throw new SoakLedgerException(answer["errors"]!.ToJsonString());
    }

    private void Apply(JsonNode transaction)
    {
        HashSet<string> payers = [];
        foreach (var spent in transaction["unshieldedSpentOutputs"]!.AsArray())
        {
            payers.Add((string)spent!["owner"]!);
            if (!Of((string)spent["owner"]!).Remove(NameOf(spent)))
            {
                findings.Violated($"The ledger's transaction {transaction["hash"]} spends a coin that is not there.");
            }
        }

        foreach (var created in transaction["unshieldedCreatedOutputs"]!.AsArray())
        {
            var (owner, value) = ((string)created!["owner"]!, long.Parse((string)created["value"]!));
            Of(owner)[NameOf(created)] = value;
            if (!payers.Contains(owner))
            {
                _payments[(owner, value)] = TimesPaid(owner, value) + 1;
            }
        }
    }

    private Dictionary<string, long> Of(string owner) => _coins.TryGetValue(owner, out var coins) ? coins : _coins[owner] = new(StringComparer.Ordinal);

    private static string NameOf(JsonNode coin) => $"{coin["intentHash"]}.{coin["outputIndex"]}";
}

/// <summary>The indexer answered with errors.</summary>
internal sealed class SoakLedgerException(string message) : Exception(message);
