using Azure.Storage;
using Azure.Storage.Blobs;
using MidnightOS.Azure.Blobs;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Storage;
using MidnightOS.Tests.Unit.Storage.Contracts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure;

/// <summary>The contract of blob stores on Azure's, against Azurite. Each test makes the containers anew.</summary>
public sealed class AzureBlobStoreTests(BlobEmulator emulator) : BlobStoreContract, IClassFixture<BlobEmulator>
{
    private const string Account = "devstoreaccount1";
    private static readonly string[] Containers = ["wallets", "proofs"];

    /// <inheritdoc/>
    protected override async Task<StoreUnderTest<IBlobStore>> CreateAsync(ManualTimeProvider clock)
    {
        var service = new BlobServiceClient(new Uri(emulator.Address, Account), new StorageSharedKeyCredential(Account, BlobEmulator.Key));
        foreach (var container in Containers)
        {
            await service.CreateBlobContainerAsync(container);
        }

        return new StoreUnderTest<IBlobStore>(new AzureBlobStore(service), async () =>
        {
            foreach (var container in Containers)
            {
                await service.DeleteBlobContainerAsync(container);
            }
        });
    }

    [Fact]
    public async Task Calls_ContainerMissing_AreAnOutage()
    {
        var store = new AzureBlobStore(new BlobServiceClient(new Uri(emulator.Address, Account), new StorageSharedKeyCredential(Account, BlobEmulator.Key)));
        var name = new BlobName(Tenant, "nowhere", "b");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.PutAsync(name, new MemoryStream(), false, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.OpenReadAsync(name, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.DeleteAsync(name, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.ListAsync(Tenant, "nowhere", default).GetAsyncEnumerator().MoveNextAsync());
    }
}
