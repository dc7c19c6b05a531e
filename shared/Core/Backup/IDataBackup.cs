using MidnightOS.Core.Custody;

namespace MidnightOS.Core.Backup;

/// <summary>Copies the data folder while hosts use it.</summary>
public interface IDataBackup
{
    /// <summary>Writes a copy from which a host can be started. The key file is not in it: the copy alone opens no wallet.</summary>
    /// <param name="target">The copy's folder, not there yet; it appears when the copy is whole and on the disk.</param>
    /// <param name="cancellationToken">Stops between two files; nothing is left then.</param>
    /// <exception cref="IOException">The folder is there already or would lie in the data folder, or a disk failed.</exception>
    Task WriteAsync(string target, CancellationToken cancellationToken);
}

/// <summary>Files beside the database and the blobs that belong into a copy, each of which can be read while it is written.</summary>
public interface IBackupFiles
{
    /// <summary>Their folder in the copy.</summary>
    string Folder { get; }

    /// <summary>The files in the order in which they are to be copied. One that goes away meanwhile is left out.</summary>
    IReadOnlyList<string> List();
}

/// <summary>The key file of a host that keeps its keys itself: what is in it, and copies of it.</summary>
public interface IKeyBackup
{
    /// <summary>The key versions, retired ones too, oldest first for each purpose.</summary>
    Task<IReadOnlyList<KeyVersionState>> VersionsAsync(CancellationToken cancellationToken);

    /// <summary>Copies the key file to a new file that only its owner may read; it is on the disk when this returns.</summary>
    /// <param name="path">The new file.</param>
    /// <param name="cancellationToken">Stops before the copy begins.</param>
    /// <returns>The key versions in the copy.</returns>
    /// <exception cref="IOException">The file is there already, or a disk failed.</exception>
    Task<IReadOnlyList<KeyVersionState>> CopyAsync(string path, CancellationToken cancellationToken);
}

/// <summary>A version of a key-encryption key.</summary>
/// <param name="Purpose">Which key.</param>
/// <param name="Id">The version's id.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Use">What it is good for.</param>
public sealed record KeyVersionState(VaultPurpose Purpose, string Id, DateTimeOffset CreatedAt, KeyVersionUse Use);

/// <summary>What a key version is good for.</summary>
public enum KeyVersionUse
{
    /// <summary>It wraps and unwraps.</summary>
    Current,

    /// <summary>It unwraps what was wrapped under it.</summary>
    Old,

    /// <summary>It is destroyed.</summary>
    Retired,
}
