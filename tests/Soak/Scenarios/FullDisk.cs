using MidnightOS.Tests.Soak.Faults;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>A data folder on a small file system that is filled to the last byte and freed again.</summary>
internal sealed class FullDisk : IScenario
{
    private const string Size = "512m";

    public string Name => "full-disk";

    public string? CannotRunBecause => Mount.Obstacle();

    public async Task RunAsync(SoakRun run, CancellationToken cancellationToken)
    {
        using var disk = Mount.Tmpfs(run.DataFolder, Size);
        await using (run)
        {
            await run.BeginAsync([SoakRun.Product], run.OwnDevnet, new Uri($"http://127.0.0.1:{run.IndexerPort}"));
            await new FaultLoop(run).RunAsync(() => FillAsync(run, cancellationToken), cancellationToken);
            await run.FinishAsync();
            disk.KeepAs(run.Folder + "/data-kept", run.KeepsFolder);
        }
    }

    private static async Task FillAsync(SoakRun run, CancellationToken cancellationToken)
    {
        var filler = Path.Combine(run.DataFolder, "filler");
        try
        {
            await using var file = new FileStream(filler, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var piece = new byte[64 * 1024];
            for (var size = piece.Length; size > 0;)
            {
                size = TryWrite(file, piece.AsSpan(0, size)) ? size : size / 2;
            }

            // What others free in the meantime is taken too.
            var until = run.Time.Elapsed + TimeSpan.FromSeconds(run.Random.Next(4, 15));
            while (run.Time.Elapsed < until)
            {
                await Task.Delay(100, cancellationToken);
                _ = TryWrite(file, piece.AsSpan(0, 4096));
            }
        }
        finally
        {
            File.Delete(filler);
        }
    }

    private static bool TryWrite(FileStream file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
