using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;

namespace MidnightOS.Storage.Blobs;

/// <summary>Where a blob lies: <c>blobs/tenant/container/name</c>. Names are checked, so that none leads out of its folder.</summary>
internal sealed class BlobPaths(string folder)
{
    /// <summary>The folder of all blobs.</summary>
    public string Root { get; } = Path.Combine(folder, "blobs");

    /// <summary>Where blobs are written until they are whole. On the same file system, so that a rename is atomic; no tenant's id looks like it.</summary>
    public string Incoming => Path.Combine(Root, "incoming");

    public string Blob(BlobName name)
    {
        BlobRules.Check(name);
        return Path.Combine(Container(name.Tenant, name.Container), name.Name);
    }

    public string Container(TenantId tenant, string container)
    {
        BlobRules.Check(tenant, container);
        return Path.Combine(Root, tenant.Value, container);
    }
}
