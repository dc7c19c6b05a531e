using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Node;

/// <summary>Where Node.js is; section <c>Node</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Node";

    /// <summary>The path of the <c>node</c> program. Empty = the first one on PATH.</summary>
    public string? Path { get; set; }
}

/// <summary>Where the Node packages are; section <c>Midnight</c>.</summary>
public sealed class NodePackagesOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Midnight";

    /// <summary>The folder with <c>package-lock.json</c>, <c>ledger</c>, <c>devnet</c> and <c>prover</c>. Empty = found beside the application or above it.</summary>
    public string? PackagesFolder { get; set; }
}

/// <summary>Node.js or its packages cannot be used. The message is one sentence for whoever started the host, and names the remedy.</summary>
public sealed class NodeUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Stops the host at its start when a setting points to nothing, and names it.</summary>
internal sealed class ValidateNodeOptions : IValidateOptions<NodeOptions>, IValidateOptions<NodePackagesOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options) =>
        string.IsNullOrWhiteSpace(options.Path) || File.Exists(options.Path)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{NodeOptions.Section}:{nameof(options.Path)} names no file: \"{options.Path}\".");

    public ValidateOptionsResult Validate(string? name, NodePackagesOptions options) =>
        string.IsNullOrWhiteSpace(options.PackagesFolder) || PackagesFolder.IsOne(options.PackagesFolder)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{NodePackagesOptions.Section}:{nameof(options.PackagesFolder)} must be a folder with {PackagesFolder.LockFile}, not \"{options.PackagesFolder}\".");
}
