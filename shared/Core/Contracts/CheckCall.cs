using System.Security.Cryptography;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Contracts;

/// <summary>Checks a contract call without changing anything: the bot's state, the network, the fields, the policy, and by building it on the contract as it is.</summary>
/// <param name="store">The documents.</param>
/// <param name="contracts">The chain's contracts.</param>
/// <param name="prepare">Builds; null in an app without the ledger's processes, where the flow is the first to build and the call ends as failed when it cannot.</param>
/// <param name="network">The network.</param>
public sealed class CheckCall(IDocumentStore store, IContractReader contracts, PrepareCall? prepare, NetworkProfile network)
{
    /// <summary>The largest keys of a circuit, in bytes: a built call, its keys and its witness fit into one message to the ledger.</summary>
    public const int MaxKeys = 12 * 1024 * 1024;

    /// <summary>The largest transcript with its inputs, in bytes of JSON.</summary>
    public const int MaxWitness = 1024 * 1024;

    private const int MaxNote = 500;

    /// <summary>The bot in the version that was judged, or why not.</summary>
    internal async Task<Result<Stored<Bot>>> RunAsync(CallRequest request, CancellationToken cancellationToken)
    {
        var bot = await store.ReadAsync<Bot>(request.Tenant, Bot.Key(request.BotId), cancellationToken);
        if (bot is null)
        {
            return Error.NotFound("bot");
        }

        if (Fields(request) is { } wrong)
        {
            return wrong;
        }

        if (await store.GetAsync(request.Tenant, WalletBook.Key(request.BotId), cancellationToken) is null)
        {
            return new Error(ErrorCodes.WalletNotReady, "The bot's wallet is not ready yet.");
        }

        if (MayCall(bot.Value) is { } refused)
        {
            return refused;
        }

        return await TryAsync(request, cancellationToken) is { } failed ? failed : bot;
    }

    private async Task<Error?> TryAsync(CallRequest request, CancellationToken cancellationToken)
    {
        if (prepare is null)
        {
            return await contracts.FindAsync(request.Call.Address, cancellationToken) is null ? Error.NotFound("contract") : null;
        }

        var prepared = await prepare.RunAsync(request.Call, request.Payload, cancellationToken);
        if (prepared.IsSuccess)
        {
            CryptographicOperations.ZeroMemory(prepared.Value.Built.Bytes);
        }

        return prepared.Error;
    }

    private static Error? Fields(CallRequest request) =>
        request.Call.Address is not { Length: 64 } address || !address.All(static c => char.IsAsciiHexDigitLower(c))
            ? Error.Invalid("address", "A contract's address is 64 lower hex digits.")
        : request.Call.EntryPoint.Length is 0 or > 128 || request.Call.EntryPoint.Any(static c => c is <= ' ' or > '~')
            ? Error.Invalid("entryPoint", "entryPoint has 1 to 128 visible ASCII characters.")
        : Empty(request.Payload.Keys) is { } empty ? Error.Invalid(empty, $"{empty} must not be empty.")
        : request.Payload.Keys.Size > MaxKeys ? Error.Invalid("keys", $"keys have at most {MaxKeys / 1024 / 1024} MiB in all.")
        : request.Payload.Witness.Length > MaxWitness ? Error.Invalid("transcript", $"The transcript and its values have at most {MaxWitness / 1024} KiB.")
        : request.Note?.Length > MaxNote ? Error.Invalid("note", $"note has at most {MaxNote} characters.")
        : null;

    private static string? Empty(CircuitKeys keys) =>
        keys.ProverKey.Length == 0 ? "keys.proverKey" : keys.VerifierKey.Length == 0 ? "keys.verifierKey" : keys.Ir.Length == 0 ? "keys.ir" : null;

    private Error? MayCall(Bot bot) =>
        bot.Status is not BotStatus.Running
            ? new Error(ErrorCodes.InvalidState, $"The bot is {bot.Status.ToString().ToLowerInvariant()}; it calls contracts only while it is running.")
        : network.CannotSendBecause is { } reason ? new Error(ErrorCodes.UpstreamUnavailable, reason)
        : CallPolicy.Refusal(bot.Config);
}
