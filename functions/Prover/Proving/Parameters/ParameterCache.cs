using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>The cache folder of published files, in the official layout, so that official tools and this service share it.</summary>
/// <remarks>
/// A file is used only when its SHA-256 is the published one. It is written beside its place and renamed, so that no other process sees half of it; two that
/// get the same file at once do it twice, and either result is right.
/// </remarks>
internal sealed class ParameterCache(
    IOptions<ParameterOptions> options, ParameterSource source, ParameterDerivation derivation, TimeProvider time, ILogger<ParameterCache> logger)
    : IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<ProofFailure?>> _running = new(StringComparer.Ordinal);

    /// <summary>The folder.</summary>
    public string Folder { get; } = options.Value.Folder(Environment.GetEnvironmentVariable);

    /// <summary>Where a file is, or would be.</summary>
    public string PathOf(PublishedFile file) => Path.Combine([Folder, .. file.Name.Split('/')]);

    /// <summary>Makes sure that a file is there and right. Those who want the same one wait for the same work.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends the wait; the work goes on.</param>
    /// <returns>Null when it is; else why not.</returns>
    public async Task<ProofFailure?> EnsureAsync(PublishedFile file, CancellationToken cancellationToken)
    {
        Task<ProofFailure?>? running;
        lock (_gate)
        {
            if (!_running.TryGetValue(file.Name, out running))
            {
                _running[file.Name] = running = Task.Run(() => WorkAsync(file), CancellationToken.None);
            }
        }

        return await running.WaitAsync(cancellationToken);
    }

    /// <summary>Gives up what is under way.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task<ProofFailure?> WorkAsync(PublishedFile file)
    {
        try
        {
            return await LookAsync(file, _closing.Token);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing($"{file.Name} ({file.Description}) is wanted, and the folder {Folder} cannot be used: {exception.Message} Set {Setting(nameof(ParameterOptions.ParameterFolder))} to one that can.");
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(file.Name);
            }
        }
    }

    private async Task<ProofFailure?> LookAsync(PublishedFile file, CancellationToken cancellationToken)
    {
        var path = PathOf(file);
        var damaged = File.Exists(path);
        if (damaged && await IsRightAsync(path, file, cancellationToken))
        {
            return null;
        }

        if (damaged)
        {
            ParameterLog.Damaged(logger, path);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var started = time.GetTimestamp();
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
        try
        {
            if (await GetAsync(file, temporary, cancellationToken) is { } reason)
            {
                return Missing(Sentence(file, path, damaged, reason));
            }

            File.Move(temporary, path, overwrite: true);
            ParameterLog.Stored(logger, file.Name, Folder, time.GetElapsedTime(started));
            return null;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>From the source when there is one, else from the ledger's package when it follows from it.</summary>
    private async Task<string?> GetAsync(PublishedFile file, string temporary, CancellationToken cancellationToken)
    {
        var reason = "no source is set";
        if (source.Address is { } address)
        {
            if (await source.FetchAsync(file, temporary, () => IsRightAsync(temporary, file, cancellationToken), cancellationToken) is not { } failed)
            {
                return null;
            }

            reason = $"{address} does not give it: {failed}";
        }

        if (file.K is not <= ParameterDerivation.LargestK)
        {
            return reason;
        }

        var problem = await derivation.DeriveAsync(file, temporary, cancellationToken)
            ?? (await IsRightAsync(temporary, file, cancellationToken) ? null : "what came out is not the published file");
        if (problem is not null)
        {
            ParameterLog.DeriveFailed(logger, file.Name, problem);
        }

        return problem is null ? null : $"{reason}, and it could not be derived: {problem}";
    }

    private static async Task<bool> IsRightAsync(string path, PublishedFile file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) == file.Sha256;
    }

    private static string Sentence(PublishedFile file, string path, bool damaged, string reason) => damaged
        ? $"The file {path} ({file.Description}) is damaged: its SHA-256 is not the published one, and {reason}. Remove it, or set {Setting(nameof(ParameterOptions.ParameterSource))} to fetch it anew."
        : $"The file {file.Name} ({file.Description}) is wanted and not at {path}, and {reason}. Put it there, or set {Setting(nameof(ParameterOptions.ParameterSource))}.";

    private static string Setting(string name) => $"{ProverPoolOptions.Section}:{name}";

    private static ProofFailure Missing(string reason) => new(ProofFailureKind.MissingFile, reason);
}
