using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Node;

/// <summary>The Node.js on this machine. It is looked for once.</summary>
internal sealed class NodeRuntime(IOptions<NodeOptions> options)
{
    /// <summary>The oldest major version that the packages run on.</summary>
    public const int MinimumVersion = 20;

    private static readonly string Remedy = $"install Node.js {MinimumVersion} or newer, or set {NodeOptions.Section}:{nameof(NodeOptions.Path)} to its program.";

    private readonly Lock _gate = new();
    private Task<string>? _path;

    /// <summary>The full path of a <c>node</c> that is new enough.</summary>
    /// <exception cref="NodeUnavailableException">There is none, or it is too old.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        Task<string> path;
        lock (_gate)
        {
            // Someone may install Node.js while the host runs: a failure is not remembered.
            _path = _path is null or { IsFaulted: true } ? FindAsync() : _path;
            path = _path;
        }

        return await path.WaitAsync(cancellationToken);
    }

    /// <summary>The major version in the text that <c>node --version</c> prints (<c>v20.11.1</c>); null when it is no such text.</summary>
    public static int? MajorVersion(string text)
    {
        var version = text.AsSpan().Trim();
        if (version.Length < 2 || version[0] != 'v')
        {
            return null;
        }

        var end = version.IndexOf('.');
        return int.TryParse(end < 0 ? version[1..] : version[1..end], out var major) ? major : null;
    }

    private async Task<string> FindAsync()
    {
        var path = Locate() ?? throw new NodeUnavailableException($"Node.js was not found; {Remedy}");
        var version = await ReadVersionAsync(path);
        return MajorVersion(version) switch
        {
            null => throw new NodeUnavailableException($"{path} does not say a version of Node.js; {Remedy}"),
            < MinimumVersion => throw new NodeUnavailableException($"{path} is Node.js {version.Trim()}, which is too old; {Remedy}"),
            _ => path,
        };
    }

    private string? Locate()
    {
        if (!string.IsNullOrWhiteSpace(options.Value.Path))
        {
            return Path.GetFullPath(options.Value.Path);
        }

        var name = OperatingSystem.IsWindows() ? "node.exe" : "node";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static async Task<string> ReadVersionAsync(string path)
    {
        try
        {
            using var process = ChildProcess.Start(path, ["--version"], ChildProcess.MinimalEnvironment());
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await errors;
            await process.WaitForExitAsync();
            return text;
        }
        catch (Win32Exception exception)
        {
            throw new NodeUnavailableException($"{path} could not be started; {Remedy}", exception);
        }
    }
}
