using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Tests.Unit.Proofs;

/// <summary>What becomes of a request's one-time key.</summary>
public sealed class ProofPayloadsTests
{
    private readonly Sealer _sealer = new();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task PutRequest_HoweverItEnds_WipesTheKey(bool blobsAreAway, bool queueIsAway)
    {
        var queue = new Queue(queueIsAway);
        var put = new ProofPayloads(new Blobs(blobsAreAway), _sealer, queue).PutRequestAsync(ProofHost.Ann, "prf_1.A", "a witness"u8.ToArray(), default);

        Assert.Equal(blobsAreAway || queueIsAway, await Record.ExceptionAsync(() => put) is IOException);
        Assert.Equal(blobsAreAway ? 0 : 1, queue.Asked);
        Assert.Equal(new byte[32], _sealer.Key);
    }

    private sealed class Sealer : IProofSealer
    {
        public byte[] Key { get; } = [.. Enumerable.Repeat((byte)7, 32)];

        public Task<SealedPart> SealAsync(ProofPart part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            Task.FromResult(new SealedPart([1], Key));

        public Task<byte[]?> UnsealAsync(ProofPart part, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class Queue(bool isAway) : IProofCourier
    {
        public int Asked { get; private set; }

        public Task SendAsync(ProofWord word, TimeSpan after, CancellationToken cancellationToken)
        {
            Asked++;
            Assert.All(word.Key, static value => Assert.Equal(7, value));
            return isAway ? Task.FromException(new IOException("The queue is away.")) : Task.CompletedTask;
        }
    }

    private sealed class Blobs(bool areAway) : IBlobStore
    {
        public Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken) =>
            areAway ? Task.FromException<bool>(new IOException("The blobs are away.")) : Task.FromResult(true);

        public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
