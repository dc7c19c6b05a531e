namespace MidnightOS.Core.Health;

/// <summary>Tells whether one dependency of this process can be used now.</summary>
public interface IReadinessProbe
{
    /// <summary>The dependency's name in answers, in kebab case: "storage", "ledger", "indexer".</summary>
    string Name { get; }

    /// <summary>Uses the dependency in the cheapest way that proves it works. An exception means that it does not.</summary>
    /// <param name="cancellationToken">Cancelled when the check has taken too long; it counts as not ready then.</param>
    Task CheckAsync(CancellationToken cancellationToken);
}
