namespace MidnightOS.Azure.Blobs;

/// <summary>Where the blobs are: the section <c>Blobs</c> of the configuration.</summary>
public sealed class BlobsOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Blobs";

    /// <summary>The blob address of the storage account: <c>https://….blob.core.windows.net</c>.</summary>
    public string Endpoint { get; set; } = "";
}
