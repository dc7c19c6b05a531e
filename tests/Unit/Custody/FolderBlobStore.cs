using System.Runtime.CompilerServices;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;

namespace MidnightOS.Tests.Unit.Custody;

/// <summary>Blobs as plain files, enough for custody's tests.</summary>
internal sealed class FolderBlobStore(string folder) : IBlobStore
{
    public async Task<bool> PutAsync(BlobName name, Stream content, bool overwrite, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        await using (var file = File.Create(temporary))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        try
        {
            File.Move(temporary, path, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
    }

    public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(File.Exists(PathOf(name)) ? File.OpenRead(PathOf(name)) : null);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        var exists = File.Exists(PathOf(name));
        File.Delete(PathOf(name));
        return Task.FromResult(exists);
    }

    public async IAsyncEnumerable<BlobName> ListAsync(TenantId tenant, string container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var path = Path.Combine(folder, "blobs", tenant.Value, container);
        Directory.CreateDirectory(path);
        foreach (var file in Directory.GetFiles(path).Order(StringComparer.Ordinal))
        {
            yield return new BlobName(tenant, container, Path.GetFileName(file));
        }
    }

    private string PathOf(BlobName name) => Path.Combine(folder, "blobs", name.Tenant.Value, name.Container, name.Name);
}
