using System.Runtime.CompilerServices;
using Azure;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.Blobs;

/// <summary>Blobs in Azure: the port's containers are the account's, a blob's name is <c>tenant/name</c>. The containers are made by <c>infra/bicep/modules/datastorage.bicep</c>.</summary>
internal sealed class AzureBlobStore(BlobServiceClient service) : IBlobStore
{
    // The most that one Put Blob takes: https://learn.microsoft.com/rest/api/storageservices/put-blob. A blob is written by one, since blocks of two writers of one name would mix.
    private const long OnePut = 5000L * 1024 * 1024;

    private static readonly StorageTransferOptions Whole = new() { InitialTransferSize = OnePut, MaximumTransferSize = OnePut, MaximumConcurrency = 1 };

    public async Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var blob = Blob(name);
        await using var whole = await SpoolAsync(content, cancellationToken);
        var options = new BlobUploadOptions
        {
            TransferOptions = Whole,
            Conditions = overwrite ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        return await CallAsync(async () =>
        {
            try
            {
                await blob.UploadAsync(whole, options, cancellationToken);
                return true;
            }
            catch (RequestFailedException error) when (!overwrite && error.ErrorCode == BlobErrorCode.BlobAlreadyExists)
            {
                return false;
            }
        });
    }

    public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        return CallAsync(async () =>
        {
            try
            {
                var download = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
                return download.Value.Content;
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return (Stream?)null;
            }
        });
    }

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        return CallAsync(async () =>
        {
            try
            {
                await blob.DeleteAsync(cancellationToken: cancellationToken);
                return true;
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return false;
            }
        });
    }

    public async IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobRules.Check(tenant, container);
        var prefix = tenant.Value + "/";

        // The service lists in ordinal order: https://learn.microsoft.com/rest/api/storageservices/list-blobs.
        await using var blobs = service.GetBlobContainerClient(container).GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync(async () => await blobs.MoveNextAsync()))
        {
            yield return new BlobName(tenant, container, blobs.Current.Name[prefix.Length..]);
        }
    }

    private BlobClient Blob(BlobName name)
    {
        BlobRules.Check(name);
        return service.GetBlobContainerClient(name.Container).GetBlobClient($"{name.Tenant.Value}/{name.Name}");
    }

    // Read to its end first: content that breaks off must not be sent, and one that cannot be read twice could not be sent again. Nobody else may open the file.
    private static async Task<FileStream> SpoolAsync(Stream content, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
        try
        {
            await content.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is RequestFailedException or AuthenticationFailedException)
        {
            throw new StorageUnavailableException($"The blobs are out of reach: {error.Message.Split('\n')[0]}", error);
        }
        catch (AggregateException error) when (error.InnerExceptions.All(static inner => inner is RequestFailedException))
        {
            throw new StorageUnavailableException("The blobs are out of reach; the call was repeated.", error);
        }
    }
}
