using MidnightOS.Tests.Soak.Faults;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>A data folder in which nothing can be written for a while, through files that are open already neither.</summary>
internal sealed class ReadOnlyFolder : IScenario
{
    // A file system with open files cannot be remounted, and an owner such as root is not kept from its files by their modes: what is in it is made immutable.
    private const string Immutable = "+i";
    private const string Mutable = "-i";

    public string Name => "read-only";

    public string? CannotRunBecause => Mount.Obstacle();

    public async Task RunAsync(SoakRun run, CancellationToken cancellationToken)
    {
        using var disk = Mount.Ext4(run.DataFolder, Path.Combine(run.Folder, "disk.img"), 512L * 1024 * 1024);
        await using (run)
        {
            await run.BeginAsync([SoakRun.Product], run.OwnDevnet, new Uri($"http://127.0.0.1:{run.IndexerPort}"));
            await new FaultLoop(run).RunAsync(() => ForbidAsync(run, cancellationToken), cancellationToken);
            await run.FinishAsync();
            disk.KeepAs(run.Folder + "/data-kept", run.KeepsFolder);
        }
    }

    private static async Task ForbidAsync(SoakRun run, CancellationToken cancellationToken)
    {
        try
        {
            // The index of the write-ahead log is memory that hosts share, and lies in a file only so that they find it.
            foreach (var path in Directory.EnumerateFileSystemEntries(run.DataFolder, "*", SearchOption.AllDirectories).Append(run.DataFolder))
            {
                if (!path.EndsWith("-shm", StringComparison.Ordinal))
                {
                    Change(Immutable, path);
                }
            }

            await Task.Delay(run.Random.Next(4_000, 15_000), cancellationToken);
        }
        finally
        {
            Mount.Run("chattr", "-R", Mutable, run.DataFolder);
        }
    }

    private static void Change(string mode, string path)
    {
        try
        {
            Mount.Run("chattr", mode, path);
        }
        catch (IOException) when (!Path.Exists(path))
        {
            // A file that was only for a moment.
        }
    }
}
