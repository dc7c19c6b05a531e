using MidnightOS.Core.Bots;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Wallets;

/// <summary>Seals a wallet's words to the key of the request that waits for them. Run where custody is.</summary>
public sealed class SealWords(IDocumentStore store, IWalletCustody custody, TimeProvider time) : IStep<ExportRef, ExportOutcome>
{
    /// <inheritdoc/>
    public async Task<ExportOutcome> RunAsync(StepKey key, ExportRef input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var stored = await store.ReadAsync<ExportRequest>(input.Tenant, ExportRequest.Key(input.ExportId), cancellationToken);
        if (stored is null || time.GetUtcNow() >= stored.Value.AnswerBy)
        {
            return ExportOutcome.Abandoned;
        }

        if (OutcomeOf(stored.Value) is { } known)
        {
            return known;
        }

        var answered = await AnswerAsync(input, stored.Value, cancellationToken);
        var batch = new Outbox.Batch().Put(ExportRequest.Key(answered.Id), answered, Precondition.Match(stored.ETag), [], answered.AnswerBy);
        return (await store.CommitAsync(input.Tenant, batch.Writes, cancellationToken)).Committed
            ? OutcomeOf(answered)!.Value
            : ExportOutcome.Abandoned;
    }

    private async Task<ExportRequest> AnswerAsync(ExportRef input, ExportRequest request, CancellationToken cancellationToken)
    {
        var words = await store.GetAsync(input.Tenant, Bot.Key(request.BotId), cancellationToken) is null
            ? Error.NotFound("bot")
            : await custody.ExportAsync(Wallet.RefOf(input.Tenant, request.BotId), cancellationToken);
        return words.Match(
            found => request with { Words = WordsSeal.Seal(input.Tenant, request, found) },
            error => request with { Failure = new ExportFailure(error.Code.Name, error.Message) });
    }

    private static ExportOutcome? OutcomeOf(ExportRequest request) =>
        request.Words is not null ? ExportOutcome.Sealed : request.Failure is not null ? ExportOutcome.Failed : null;
}
