using MidnightOS.Core.Backup;

namespace MidnightOS.Embedded.Operator;

/// <summary>Copies the data folder of a host, running or not, and on demand the key file to another place.</summary>
internal sealed class BackupCommand(IDataBackup data, IServiceProvider services)
{
    /// <summary>Runs it.</summary>
    /// <param name="folder">The copy's folder; not there yet.</param>
    /// <param name="keyFile">The key file's copy, outside of that folder; null = not copied.</param>
    /// <param name="cancellationToken">Stops it; nothing is left then.</param>
    /// <returns>What to say, and the process's exit code.</returns>
    public async Task<(string Said, int Code)> RunAsync(string folder, string? keyFile, CancellationToken cancellationToken)
    {
        if (keyFile is not null && IsWithin(keyFile, folder))
        {
            return ("The key file's copy must not lie in the copy of the data: together they open every wallet.", 1);
        }

        if (keyFile is not null && Path.Exists(keyFile))
        {
            return ($"Nothing was backed up: {keyFile} is there already.", 1);
        }

        try
        {
            return await CopyAsync(folder, keyFile, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ($"Nothing was backed up: {exception.Message}", 1);
        }
    }

    private async Task<(string Said, int Code)> CopyAsync(string folder, string? keyFile, CancellationToken cancellationToken)
    {
        var keys = services.GetService<IKeyBackup>();
        var before = keys is null ? [] : Usable(await keys.VersionsAsync(cancellationToken));
        await data.WriteAsync(folder, cancellationToken);
        if (keys is null || keyFile is null)
        {
            return ($"The data is in {folder}. The key file is not: without its copy this opens no wallet.", 0);
        }

        try
        {
            // Copied last: what was sealed meanwhile is under a version of it.
            var after = Usable(await keys.CopyAsync(keyFile, cancellationToken));
            return before.Except(after, StringComparer.Ordinal).Any()
                ? ("A key version was destroyed while the data was copied. Delete this backup and make another.", 1)
                : ($"The data is in {folder}, the keys are in {keyFile}. Keep them apart.", 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ($"The data is in {folder}, but the key file was not copied, and without it this opens no wallet: {exception.Message}", 1);
        }
    }

    private static List<string> Usable(IReadOnlyList<KeyVersionState> versions) =>
        [.. versions.Where(static version => version.Use is not KeyVersionUse.Retired).Select(static version => version.Id)];

    private static bool IsWithin(string file, string folder) =>
        Path.GetFullPath(file).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
