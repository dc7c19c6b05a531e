using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Wallets;

/// <summary>An export that a request waits for. Nothing in it is secret: the words are in it only for whoever holds the private key, which is in that request's memory alone.</summary>
/// <param name="Id">The export's id; also the flow's.</param>
/// <param name="BotId">The bot whose wallet it is.</param>
/// <param name="PublicKey">The key to seal to: P-256, SubjectPublicKeyInfo.</param>
/// <param name="AnswerBy">After this time nobody waits any more, and nothing may be exported.</param>
public sealed record ExportRequest(string Id, string BotId, byte[] PublicKey, DateTimeOffset AnswerBy)
{
    private const string Kind = "wallet-export";

    /// <summary>The sealed words, once the flow made them.</summary>
    public SealedWords? Words { get; init; }

    /// <summary>Why there are none.</summary>
    public ExportFailure? Failure { get; init; }

    internal static DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>Why a wallet could not be exported.</summary>
/// <param name="Code">The error's code.</param>
/// <param name="Message">The sentence for the user.</param>
public sealed record ExportFailure(string Code, string Message);

/// <summary>What names an export, for its flow and step.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="ExportId">The export.</param>
public sealed record ExportRef(TenantId Tenant, string ExportId);

/// <summary>What became of an export, as the flow tells it.</summary>
public enum ExportOutcome
{
    /// <summary>The words are sealed and wait.</summary>
    Sealed,

    /// <summary>There are none; the request tells why.</summary>
    Failed,

    /// <summary>Nobody waits any more.</summary>
    Abandoned,
}

/// <summary>The stable names of the export's flow and step.</summary>
public static class ExportFlowNames
{
    /// <summary>The flow.</summary>
    public static readonly FlowName<ExportRef, ExportOutcome> Flow = new("wallet.export");

    /// <summary>Seals the words to the request's key.</summary>
    public static readonly StepName<ExportRef, ExportOutcome> Seal = new("wallet.seal-words");
}
