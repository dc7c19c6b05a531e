using System.Security.Cryptography;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Wallets;

/// <summary>
/// The way of an app without custody: it has a flow seal the words to a key that it made for this one request, waits for them and erases them.
/// The private key is never stored, so what lies in the store opens for nobody, also not for this app after a restart (docs/adr/0015).
/// </summary>
internal sealed class ExportByFlow(IDocumentStore store, IUnitOfWork unit, IIdGenerator ids, TimeProvider time) : IWalletExport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(250);

    private static readonly Error TooLate = new(ErrorCodes.UpstreamUnavailable, "The wallet could not be opened in time. Try again later.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public async Task<Result<string>> ExportAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var request = new ExportRequest(ids.New("exp_"), wallet.Bot, key.ExportSubjectPublicKeyInfo(), time.GetUtcNow() + Patience);
        var batch = new Batch()
            .Put(ExportRequest.Key(request.Id), request, Precondition.Absent, [], request.AnswerBy)
            .StartFlow(ExportFlowNames.Flow, request.Id, new ExportRef(wallet.Tenant, request.Id));
        if (!(await unit.CommitAsync(wallet.Tenant, batch, cancellationToken)).Committed)
        {
            throw new InvalidOperationException($"The new id {request.Id} is taken.");
        }

        try
        {
            return await WaitAsync(key, wallet.Tenant, request, cancellationToken);
        }
        finally
        {
            // Also when the client went away; its time to live erases what an outage leaves.
            await store.CommitAsync(wallet.Tenant, new Batch().Delete(ExportRequest.Key(request.Id)).Writes, CancellationToken.None);
        }
    }

    private async Task<Result<string>> WaitAsync(ECDiffieHellman key, TenantId tenant, ExportRequest request, CancellationToken cancellationToken)
    {
        while (time.GetUtcNow() < request.AnswerBy)
        {
            var answer = await store.ReadAsync<ExportRequest>(tenant, ExportRequest.Key(request.Id), cancellationToken);
            if (answer is null)
            {
                return TooLate;
            }

            if (answer.Value.Words is { } words)
            {
                return WordsSeal.Open(key, tenant, request, words);
            }

            if (answer.Value.Failure is { } failure)
            {
                return new Error(ErrorCodes.All.First(code => code.Name == failure.Code), failure.Message);
            }

            await Task.Delay(LookAgainAfter, time, cancellationToken);
        }

        return TooLate;
    }
}
