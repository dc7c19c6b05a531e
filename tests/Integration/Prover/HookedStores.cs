using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Storage.Blobs;
using MidnightOS.Storage.Documents;
using MidnightOS.Storage.Leases;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Has a test look on, or step in, before the real stores do something. A hook that throws is a store that fails.</summary>
internal sealed class HookedStores
{
    public Func<BlobName, Task> PuttingBlob { get; set; } = static _ => Task.CompletedTask;

    public Func<TenantId, DocumentQuery, Task> Querying { get; set; } = static (_, _) => Task.CompletedTask;

    public Func<IReadOnlyList<DocumentWrite>, Task> Committing { get; set; } = static _ => Task.CompletedTask;

    public Func<string, Task> TakingLease { get; set; } = static _ => Task.CompletedTask;

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IBlobStore>(provider => new Blobs(provider.GetRequiredService<FileBlobStore>(), this));
        services.AddSingleton<IDocumentStore>(provider => new Documents(ActivatorUtilities.CreateInstance<SqliteDocumentStore>(provider), this));
        services.AddSingleton<ILeaseStore>(provider => new Leases(ActivatorUtilities.CreateInstance<SqliteLeaseStore>(provider), this));
    }

    private sealed class Blobs(FileBlobStore inner, HookedStores hooks) : IBlobStore
    {
        public async Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken)
        {
            await hooks.PuttingBlob(name);
            return await inner.PutAsync(name, content, overwrite, cancellationToken);
        }

        public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken) => inner.OpenReadAsync(name, cancellationToken);

        public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

        public IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, CancellationToken cancellationToken) =>
            inner.ListAsync(tenant, container, cancellationToken);
    }

    private sealed class Documents(SqliteDocumentStore inner, HookedStores hooks) : IDocumentStore
    {
        public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => inner.GetAsync(tenant, key, cancellationToken);

        public async Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken)
        {
            await hooks.Querying(tenant, query);
            return await inner.QueryAsync(tenant, query, cancellationToken);
        }

        public async Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
        {
            await hooks.Committing(writes);
            return await inner.CommitAsync(tenant, writes, cancellationToken);
        }
    }

    private sealed class Leases(SqliteLeaseStore inner, HookedStores hooks) : ILeaseStore
    {
        public async Task<Lease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
        {
            await hooks.TakingLease(name);
            return await inner.TryAcquireAsync(name, duration, cancellationToken);
        }

        public Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken) => inner.RenewAsync(lease, duration, cancellationToken);

        public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);
    }
}
