using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>Derives parameters from the reference string that the ledger's own package holds, in a process of its own, one at a time.</summary>
internal sealed class ParameterDerivation(INodeWorkspace workspace, TimeProvider time, ILogger<ParameterDerivation> logger) : IDisposable
{
    /// <summary>The largest k that follows from the package.</summary>
    public const int LargestK = 14;

    // Up to here it is a matter of seconds.
    private const int Quick = 8;
    private const int Percent = 100;
    private static readonly string Script = Path.Combine("prover", "src", "derive-parameters.js");
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Derives a file.</summary>
    /// <param name="file">Parameters with a k of at most <see cref="LargestK"/>.</param>
    /// <param name="target">Where it is written to.</param>
    /// <param name="cancellationToken">Kills the process.</param>
    /// <returns>Null when it was written; else why not.</returns>
    public async Task<string?> DeriveAsync(PublishedFile file, string target, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ParameterLog.Deriving(logger, file.Name, file.K is > Quick and < LargestK ? " and takes minutes for a large k: 10 s for k=9, twice that for each step" : "");
            var paths = await workspace.PrepareAsync(PackageSet.Product, progress: null, cancellationToken);
            return await RunAsync(paths, file, target, cancellationToken);
        }
        catch (Exception exception) when (exception is NodeUnavailableException or Win32Exception)
        {
            return exception.Message;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string?> RunAsync(NodePaths paths, PublishedFile file, string target, CancellationToken cancellationToken)
    {
        using var process = ChildProcess.Start(
            paths.Node,
            ["--no-warnings", Path.Combine(paths.Packages, Script), file.K!.Value.ToString(CultureInfo.InvariantCulture), target],
            ChildProcess.MinimalEnvironment());
        await using var kill = cancellationToken.UnsafeRegister(static state => ChildProcess.Kill((Process)state!), process);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await FollowAsync(process.StandardOutput, file);
        await process.WaitForExitAsync(CancellationToken.None);
        var said = await errors;
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? null : $"the process ended with {process.ExitCode}: {said.Split('\n').FirstOrDefault(static line => line.Contains("Error", StringComparison.Ordinal))}";
    }

    private async Task FollowAsync(StreamReader output, PublishedFile file)
    {
        var told = time.GetTimestamp();
        while (await output.ReadLineAsync() is { } line)
        {
            if (time.GetElapsedTime(told) >= LogEvery && JsonSerializer.Deserialize<Dictionary<string, double>>(line) is { } progress)
            {
                told = time.GetTimestamp();
                ParameterLog.DeriveProgress(logger, file.Name, (int)(progress.GetValueOrDefault("share") * Percent));
            }
        }
    }
}
