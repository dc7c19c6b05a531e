namespace MidnightOS.Midnight.Node;

/// <summary>Node.js and the installed packages, ready to start a program from.</summary>
public interface INodeWorkspace
{
    /// <summary>Finds Node.js and installs the packages when they are not current; costs milliseconds when they are.</summary>
    /// <param name="packages">Which packages.</param>
    /// <param name="progress">Told in plain sentences when something takes long; null when nobody listens.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The path of <c>node</c> and the folder of the packages.</returns>
    /// <exception cref="NodeUnavailableException">The host prints its message.</exception>
    Task<NodePaths> PrepareAsync(PackageSet packages, IProgress<string>? progress, CancellationToken cancellationToken);
}

/// <summary>Where things are.</summary>
/// <param name="Node">The full path of the <c>node</c> program.</param>
/// <param name="Packages">The full path of the folder with <c>ledger</c>, <c>devnet</c> and <c>prover</c>.</param>
public sealed record NodePaths(string Node, string Packages);

/// <inheritdoc/>
internal sealed class NodeWorkspace(NodeRuntime runtime, NodePackages packages) : INodeWorkspace
{
    private NodePaths? _paths;

    public async Task<NodePaths> PrepareAsync(PackageSet set, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (set == PackageSet.Product && _paths is { } known)
        {
            return known;
        }

        var node = await runtime.GetAsync(cancellationToken);
        var folder = await packages.EnsureAsync(set, progress, cancellationToken);
        return _paths = new NodePaths(node, folder);
    }
}
