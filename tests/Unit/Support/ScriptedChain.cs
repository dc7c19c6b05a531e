using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>What a transfer of <see cref="DeterministicLedger"/> says; its JSON is the transfer's bytes.</summary>
internal sealed record ScriptedTransfer(string OwnerHex, IReadOnlyList<Coin> Inputs, IReadOnlyList<Payment> Outputs, DateTimeOffset Ttl)
{
    public static ScriptedTransfer Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<ScriptedTransfer>(bytes.Span)!;

    public static string HashOf(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes.Span));

    public static string IdentifierOf(ReadOnlyMemory<byte> bytes) => "00" + HashOf(bytes);
}

/// <summary>A small chain that a test controls: coins, a pool, blocks, what the node answers and how far the indexer is. It checks what a transfer spends and its time to live.</summary>
internal sealed class ScriptedChain(IAddressCodec addresses, NetworkId network) : IChainIndexer, IChainNode
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, OwnedCoin> _coins = new(StringComparer.Ordinal);
    private readonly List<byte[]> _pool = [];
    private readonly List<ChainTransaction> _transactions = [];
    private readonly List<ChainBlock> _blocks = [new(0, "00", new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero), [])];
    private TaskCompletionSource _mined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _funded;

    /// <summary>The bytes that the node was given, in order.</summary>
    public List<byte[]> Submitted { get; } = [];

    /// <summary>What the node says instead of judging, once each.</summary>
    public Queue<Func<Submission>> Answers { get; } = new();

    /// <summary>How many of the newest blocks the indexer does not have yet.</summary>
    public int Lag { get; set; }

    /// <summary>How many of the newest blocks the indexer's look-ups by identifier do not have yet, as a replica that is behind.</summary>
    public int FindLag { get; set; }

    /// <summary>The same of its subscriptions to an address.</summary>
    public int WatchLag { get; set; }

    /// <summary>How often an address was read from the indexer.</summary>
    public int Reads { get; private set; }

    /// <summary>Whether the indexer is out of reach.</summary>
    public bool Down { get; set; }

    public DateTimeOffset Now => _blocks[^1].Time;

    public IReadOnlyList<ChainTransaction> Transactions => _transactions;

    /// <summary>The unspent coins of an address.</summary>
    public IReadOnlyList<Coin> CoinsOf(string address)
    {
        lock (_gate)
        {
            return [.. _coins.Values.Where(coin => coin.Owner == address).Select(coin => coin.Coin)];
        }
    }

    /// <summary>Makes a block of what is in the pool.</summary>
    public void Mine(TimeSpan? later = null)
    {
        lock (_gate)
        {
            var time = Now + (later ?? TimeSpan.FromSeconds(6));
            List<ChainTransaction> taken = [];
            foreach (var bytes in _pool)
            {
                if (Refusal(bytes, time) is null)
                {
                    taken.Add(Take(bytes, time));
                }
            }

            _pool.Clear();
            Append(taken, time);
        }
    }

    /// <summary>Forgets what is in the pool.</summary>
    public void DropPool()
    {
        lock (_gate)
        {
            _pool.Clear();
        }
    }

    /// <summary>Forgets one transaction in the pool.</summary>
    public void Drop(byte[] bytes)
    {
        lock (_gate)
        {
            _pool.RemoveAll(known => known.AsSpan().SequenceEqual(bytes));
        }
    }

    /// <summary>Pays coins of NIGHT out of nothing, all in one transaction.</summary>
    public void Fund(string address, params long[] amounts) => FundWith(address, [.. amounts.Select(static a => (Token.Night.Type, new Amount((UInt128)a)))]);

    /// <summary>Pays coins of any tokens out of nothing, all in one transaction.</summary>
    public void FundWith(string address, IReadOnlyList<(string Type, Amount Value)> coins)
    {
        lock (_gate)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"fund {_funded++}")));
            var made = coins.Select((coin, index) => new OwnedCoin(address, new Coin(hash, index, coin.Value, coin.Type))).ToList();
            made.ForEach(coin => _coins.Add(coin.Coin.Id, coin));
            var time = Now + TimeSpan.FromSeconds(6);
            Append([new(_transactions.Count + 1, hash, [], ChainResult.Success, _blocks.Count, "", time, Amount.Zero, [], made)], time);
        }
    }

    /// <summary>Spends a coin by a copy of the wallet's seed elsewhere.</summary>
    public void SpendElsewhere(string address, Coin coin, string to)
    {
        var plan = new ScriptedTransfer(
            addresses.ParseUnshielded(address, network).Value.Hex, [coin],
            [new Payment(addresses.ParseUnshielded(to, network).Value.Hex, coin.Value, coin.TokenType)], Now + TimeSpan.FromHours(1));
        lock (_gate)
        {
            _pool.Add(JsonSerializer.SerializeToUtf8Bytes(plan));
        }

        Mine();
    }

    public Task<Submission> SubmitAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Submitted.Add(transaction.ToArray());
            return Task.FromResult(Answers.TryDequeue(out var answer) ? answer() : Admit(transaction));
        }
    }

    /// <summary>Takes the bytes into the pool, as the node does, whatever it then answers.</summary>
    public Submission Admit(ReadOnlyMemory<byte> transaction)
    {
        var hash = ScriptedTransfer.HashOf(transaction);
        if (_pool.Any(known => ScriptedTransfer.HashOf(known) == hash) || _transactions.Any(known => known.Hash == hash))
        {
            return new Submission(SubmissionOutcome.AlreadyKnown, null);
        }

        if (Refusal(transaction, Now) is { } reason)
        {
            return new Submission(SubmissionOutcome.Refused, reason);
        }

        _pool.Add(transaction.ToArray());
        return new Submission(SubmissionOutcome.Accepted, null);
    }

    public Task<ChainBlock> GetTipAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(Seen(Lag)[^1]);
        }
    }

    public Task<ChainTransaction?> FindAsync(string identifier, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var height = Seen(Math.Max(Lag, FindLag))[^1].Height;
            return Task.FromResult(_transactions.Find(known => known.BlockHeight <= height && known.Identifiers.Contains(identifier)));
        }
    }

    public async IAsyncEnumerable<AddressEvent> WatchAddressAsync(
        string address, long afterTransactionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<AddressTransaction> seen;
        lock (_gate)
        {
            Reads++;
            var height = Seen(Math.Max(Lag, WatchLag))[^1].Height;
            seen = [.. _transactions.Where(known => known.Id > afterTransactionId && known.BlockHeight <= height)
                .Select(known => new AddressTransaction(known, Own(known.Outputs, address), Own(known.Inputs, address)))
                .Where(known => known.Created.Count + known.Spent.Count > 0)];
        }

        foreach (var known in seen)
        {
            yield return known;
        }

        yield return new AddressProgress(seen.Count == 0 ? afterTransactionId : seen[^1].Transaction.Id);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public async IAsyncEnumerable<ChainBlock> WatchBlocksAsync(long? fromHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = fromHeight ?? _blocks.Count - 1;
        while (true)
        {
            Task mined;
            List<ChainBlock> ready;
            lock (_gate)
            {
                mined = _mined.Task;
                ready = [.. Seen(Lag).Where(block => block.Height >= next)];
            }

            foreach (var block in ready)
            {
                next = block.Height + 1;
                yield return block;
            }

            await mined.WaitAsync(cancellationToken);
        }
    }

    private static List<Coin> Own(IReadOnlyList<OwnedCoin> coins, string address) => [.. coins.Where(coin => coin.Owner == address).Select(coin => coin.Coin)];

    private List<ChainBlock> Seen(int behind) =>
        Down ? throw new ChainUnavailableException("The indexer is down.") : [.. _blocks.Take(Math.Max(1, _blocks.Count - behind))];

    private string? Refusal(ReadOnlyMemory<byte> bytes, DateTimeOffset at)
    {
        var transfer = ScriptedTransfer.Read(bytes);
        return transfer.Ttl < at ? "its time to live has passed"
            : transfer.Inputs.All(coin => _coins.ContainsKey(coin.Id)) ? null
            : "a coin that it spends does not exist or is spent";
    }

    private ChainTransaction Take(byte[] bytes, DateTimeOffset time)
    {
        var transfer = ScriptedTransfer.Read(bytes);
        var hash = ScriptedTransfer.HashOf(bytes);
        var spent = transfer.Inputs.Select(coin => _coins[coin.Id]).ToList();
        spent.ForEach(coin => _coins.Remove(coin.Coin.Id));
        var made = transfer.Outputs.Select((output, index) =>
            new OwnedCoin(addresses.EncodeUnshielded(output.OwnerHex, network).Text, new Coin(hash, index, output.Value, output.TokenType))).ToList();
        made.ForEach(coin => _coins.Add(coin.Coin.Id, coin));
        var taken = new ChainTransaction(
            _transactions.Count + 1, hash, [ScriptedTransfer.IdentifierOf(bytes)], ChainResult.Success, _blocks.Count, "", time, Amount.Zero, spent, made);
        _transactions.Add(taken);
        return taken;
    }

    private void Append(List<ChainTransaction> taken, DateTimeOffset time)
    {
        foreach (var transaction in taken.Where(transaction => !_transactions.Contains(transaction)))
        {
            _transactions.Add(transaction);
        }

        var touched = taken.SelectMany(t => t.Inputs.Concat(t.Outputs)).Select(coin => coin.Owner).Distinct().ToList();
        _blocks.Add(new ChainBlock(_blocks.Count, $"{_blocks.Count:x4}", time, touched));
        var mined = _mined;
        _mined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mined.SetResult();
    }
}
