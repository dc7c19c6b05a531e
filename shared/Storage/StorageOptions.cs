namespace MidnightOS.Storage;

/// <summary>Where the embedded edition keeps its data: the section <c>Data</c> of the configuration.</summary>
public sealed class StorageOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Data";

    /// <summary>The database's file name in the folder; a folder without it was never used by a host.</summary>
    public const string DatabaseFile = "midnight.db";

    /// <summary>The folder of the database and the blobs, on a local disk. It is made (mode 0700) when it is not there; hosts that share it act as one.</summary>
    public string Folder { get; set; } = "";
}
