using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;

namespace MidnightOS.Tests.Unit.Proofs.Apart;

/// <summary>Where a divided store and a divided directory send what; an app without a right on the platform's part cannot reach it.</summary>
public sealed class DividedStoreTests
{
    private static readonly DocumentKey Job = ProofJob.Key("prf_1");
    private static readonly DocumentKey Bot = new("bot", "bot_1");

    private readonly Calls _platform = new Calls();
    private readonly Calls _proofs = new Calls();

    [Fact]
    public async Task Documents_OfEitherPart_GoThere()
    {
        var store = new DividedDocumentStore(_platform, _proofs);
        await store.GetAsync(ProofHost.Ann, Job, default);
        await store.QueryAsync(ProofHost.Ann, new DocumentQuery("bot"), default);
        await store.CommitAsync(ProofHost.Ann, new Batch().Delete(Job).Delete(ProofBacklog.Key).Writes, default);
        await store.CommitAsync(ProofHost.Ann, [], default);
        Assert.Equal([nameof(IDocumentStore.GetAsync), nameof(IDocumentStore.CommitAsync), nameof(IDocumentStore.CommitAsync)], _proofs.Names);
        Assert.Equal([nameof(IDocumentStore.QueryAsync)], _platform.Names);
    }

    [Fact]
    public async Task Commit_BatchOverBothParts_Throws()
    {
        var store = new DividedDocumentStore(_platform, _proofs);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.CommitAsync(ProofHost.Ann, new Batch().Delete(Job).Delete(Bot).Writes, default));
        Assert.Empty(_platform.Names);
        Assert.Empty(_proofs.Names);
    }

    [Fact]
    public async Task Documents_WithoutARightOnThePlatform_CannotBeReached()
    {
        var store = new DividedDocumentStore(null, _proofs);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.GetAsync(ProofHost.Ann, Bot, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.QueryAsync(ProofHost.Ann, new DocumentQuery("transaction"), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.CommitAsync(ProofHost.Ann, new Batch().Delete(OutboxPlace.Platform.Key("out_1")).Writes, default));
        Assert.Empty(_proofs.Names);
    }

    [Fact]
    public async Task Directory_OfEachPart_GoesThereOrCannotBeReached()
    {
        var (proofs, keys) = (new Calls(), new Calls());
        var directory = new DividedDirectory(null, proofs, keys);
        await directory.FindAsync(ApiKeyText.Claim("hash"), default);
        await directory.MarkDueAsync(ProofArea.Outbox.Queue, ProofHost.Ann, "x", default, default);
        await directory.ClearAsync(new DueMarker(ProofDocuments.EraseQueue, ProofHost.Ann, "x", default, default, "1"), default);
        Assert.Equal([nameof(IDirectory.FindAsync)], keys.Names);
        Assert.Equal([nameof(IDirectory.MarkDueAsync), nameof(IDirectory.ClearAsync)], proofs.Names);

        await Assert.ThrowsAsync<InvalidOperationException>(() => directory.FindAsync(new DirectoryKey("email", "a@b.c"), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => directory.MarkDueAsync(OutboxPlace.Platform.Queue, ProofHost.Ann, "x", default, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            directory.PostponeAsync(new DueMarker(OutboxPlace.Platform.Queue, ProofHost.Ann, "x", default, default, "1"), default, default));
    }

    /// <summary>Both stores, that remember what was called.</summary>
    private sealed class Calls : IDocumentStore, IDirectory
    {
        public List<string> Names { get; } = [];

        public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => Of<StoredDocument?>(nameof(GetAsync), null);

        public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken) => Of(nameof(QueryAsync), new DocumentPage([], null));

        public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken) =>
            Of(nameof(CommitAsync), new CommitResult([], null));

        public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken) =>
            Of(nameof(ClaimAsync), new ClaimOutcome(new StoredClaim(claim, "1"), true));

        public Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken) => Of<StoredClaim?>(nameof(FindAsync), null);

        public Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken) => Of<string?>(nameof(ReplaceAsync), null);

        public Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken) => Of(nameof(ReleaseAsync), true);

        public Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken) => Of(nameof(MarkDueAsync), true);

        public Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            Of<IReadOnlyList<DueMarker>>(nameof(ListDueAsync), []);

        public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken) => Of(nameof(PostponeAsync), true);

        public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken) => Of(nameof(ClearAsync), true);

        private Task<T> Of<T>(string name, T answer)
        {
            Names.Add(name);
            return Task.FromResult(answer);
        }
    }
}
