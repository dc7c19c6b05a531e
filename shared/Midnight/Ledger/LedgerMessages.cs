using System.Text.Json;
using System.Text.Json.Serialization;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The header of a request to a worker; the frames are described in <c>ledger/README.md</c>.</summary>
internal sealed record LedgerRequest(string Op)
{
    public long Id { get; init; }

    public string? Network { get; init; }

    public long? Ttl { get; init; }

    public IReadOnlyList<LedgerCoin>? Inputs { get; init; }

    public IReadOnlyList<LedgerCoin>? Outputs { get; init; }

    public IReadOnlyList<LedgerContractCall>? Calls { get; init; }

    public IReadOnlyList<string>? Locations { get; init; }

    public int? Index { get; init; }

    public IReadOnlyList<string>? Proofs { get; init; }

    /// <summary>The lengths of the body's parts.</summary>
    public IReadOnlyList<int>? Parts { get; init; }

    public static LedgerRequest Transfer(TransferPlan plan) => new("transfer")
    {
        Network = plan.Network.Name,
        Ttl = plan.Ttl.ToUnixTimeSeconds(),
        Inputs = [.. plan.Inputs.Select(coin => new LedgerCoin(coin.Value.ToString(), coin.TokenType) { IntentHash = coin.IntentHash, OutputNo = coin.OutputNo })],
        Outputs = [.. plan.Outputs.Select(payment => new LedgerCoin(payment.Value.ToString(), payment.TokenType) { Owner = payment.OwnerHex })],
    };
}

/// <summary>A coin or an output, in a request or in an answer.</summary>
internal sealed record LedgerCoin(string Value, string Token)
{
    public string? IntentHash { get; init; }

    public int? OutputNo { get; init; }

    public string? Owner { get; init; }

    public Coin ToCoin() => new(IntentHash!, OutputNo!.Value, ToAmount(), Token);

    public Payment ToPayment() => new(Owner!, ToAmount(), Token);

    private Amount ToAmount() =>
        Amount.TryParseAtomic(Value, out var amount) ? amount : throw new InvalidDataException("A ledger worker sent something that is no amount.");
}

/// <summary>A contract call, in a request.</summary>
internal sealed record LedgerContractCall(string Address, string EntryPoint);

/// <summary>A proof that a transaction wants, in an answer.</summary>
internal sealed record LedgerProof(string Digest, string Location);

/// <summary>The header of anything that a worker sends.</summary>
internal sealed record LedgerAnswer
{
    public string? Event { get; init; }

    public long? Id { get; init; }

    public bool Ok { get; init; }

    public long Rss { get; init; }

    public LedgerResult? Result { get; init; }

    public LedgerFailure? Error { get; init; }
}

/// <summary>Why a worker refused.</summary>
internal sealed record LedgerFailure(string Code, string Message);

/// <summary>The results of all operations; each fills its own part.</summary>
internal sealed record LedgerResult
{
    public JsonElement Unshielded { get; init; }

    public LedgerAddress? Shielded { get; init; }

    public LedgerAddress? Dust { get; init; }

    public int ProofsRequired { get; init; }

    public IReadOnlyList<LedgerProof>? Proofs { get; init; }

    public string? Hash { get; init; }

    public IReadOnlyList<string>? Identifiers { get; init; }

    public long? Ttl { get; init; }
}

/// <summary>An address, with what belongs to it when it is the unshielded one.</summary>
internal sealed record LedgerAddress(string Address, string? AddressHex, string? PublicKey);

/// <summary>What a transaction spends and makes.</summary>
internal sealed record LedgerMoves(IReadOnlyList<LedgerCoin> Inputs, IReadOnlyList<LedgerCoin> Outputs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerRequest))]
[JsonSerializable(typeof(LedgerAnswer))]
[JsonSerializable(typeof(LedgerAddress))]
[JsonSerializable(typeof(LedgerMoves))]
internal sealed partial class LedgerJson : JsonSerializerContext;
