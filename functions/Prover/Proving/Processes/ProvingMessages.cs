using System.Text.Json.Serialization;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>The header of a request to a worker; the operations are described in <c>shared/Midnight/prover/README.md</c>.</summary>
internal sealed record ProvingRequest(string Op)
{
    public long Id { get; init; }

    /// <summary>The hash of the key material: a string for <c>prove</c>, an object by key location for <c>prove-tx</c>.</summary>
    public object? Keys { get; init; }

    public string? BindingInput { get; init; }

    public IReadOnlyList<ProvingParameterFile>? Parameters { get; init; }

    public int? Preimage { get; init; }

    public string? Hash { get; init; }

    public int? ProverKey { get; init; }

    public int? VerifierKey { get; init; }
}

/// <summary>A parameter file that a worker may read.</summary>
internal sealed record ProvingParameterFile(int K, string Path, string Sha256);

/// <summary>The header of anything that a worker sends.</summary>
internal sealed record ProvingAnswer
{
    public string? Event { get; init; }

    public long? Id { get; init; }

    public bool Ok { get; init; }

    public long Rss { get; init; }

    public ProvingResult? Result { get; init; }

    public ProvingError? Error { get; init; }
}

/// <summary>What a worker learnt.</summary>
internal sealed record ProvingResult(int? K);

/// <summary>Why a worker gave no result.</summary>
internal sealed record ProvingError(string Code, string Message)
{
    public const string BadInput = "BAD_INPUT";

    public const string MissingParameters = "MISSING_PARAMETERS";

    public const string DamagedParameters = "DAMAGED_PARAMETERS";

    public const string MissingKeys = "MISSING_KEYS";

    public const string Trapped = "TRAPPED";

    public int? K { get; init; }

    public string? Location { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProvingRequest))]
[JsonSerializable(typeof(ProvingAnswer))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ProvingJson : JsonSerializerContext;
